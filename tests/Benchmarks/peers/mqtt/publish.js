// PORT QOS COUNT BYTES: publishes COUNT messages, as many on their way as the broker takes, and waits for all.
const mqtt = require('mqtt');
const [port, qos, count, bytes] = process.argv.slice(2).map(Number);
const payload = Buffer.alloc(bytes, 'x');
const client = mqtt.connect({ host: '127.0.0.1', port, protocolVersion: 5, clean: true });
client.on('connect', () => {
  let done = 0, sent = 0;
  const more = () => {
    while (sent < count && sent - done < 1000) {
      sent++;
      client.publish('bench', payload, { qos }, () => {
        done++;
        if (done === count) client.end();
        else if (sent - done < 500) more();
      });
    }
  };
  more();
});
