// Draws every chart of the page from the option that stands beside it, in the page's own colours.
for (const holder of document.querySelectorAll('.chart')) {
  const option = JSON.parse(holder.nextElementSibling.textContent);
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const chart = echarts.init(holder, dark ? 'dark' : null, { renderer: 'svg' });
  chart.setOption({ backgroundColor: 'transparent', animation: false, ...option });
  addEventListener('resize', () => chart.resize());
}
