#!/usr/bin/env bash
# publish.sh RID FOLDER: the native edge-runtime with the libraries that go beside it.
set -euo pipefail
cd "$(dirname "$0")/.."
rid=$1
folder=$2
own="linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')"
options=()
if [ "$rid" != "$own" ]; then
  # The cross toolchain, and the engine for that processor: out of the default set-up, since few need them.
  [ "$rid" = linux-arm64 ] || { echo "publish: $rid is not one of linux-x64, linux-arm64" >&2; exit 2; }
  command -v aarch64-linux-gnu-gcc > /dev/null || { echo "publish: the cross toolchain is missing; run: apt-get install -y gcc-aarch64-linux-gnu libc6-dev-arm64-cross" >&2; exit 2; }
  library=out/npm-arm64/node_modules/onnxruntime-node/bin/napi-v6/linux/arm64/libonnxruntime.so.1
  if [ ! -e $library ]; then
    echo "publish: fetching ONNX Runtime for arm64 (npm onnxruntime-node)"
    mkdir -p out/npm-arm64
    (cd out/npm-arm64 && npm install --ignore-scripts --no-audit --no-fund --loglevel=error --no-save onnxruntime-node@1.30.0) || { echo "publish: npm could not fetch onnxruntime-node" >&2; exit 2; }
  fi
  options=(-p:CppCompilerAndLinker=clang -p:SysRoot=/usr/aarch64-linux-gnu "-p:EdgeOnnxRuntimeLibrary=$PWD/$library")
fi
echo "publish: edge-runtime for $rid"
log=$(mktemp)
if ! dotnet publish Runtime/Host/Edge.Runtime.csproj -c Release -r "$rid" -v:quiet -nologo --tl:off -o "$folder" "${options[@]}" > "$log" 2>&1; then
  pack=$(sed -n 's/.*NU1101: Unable to find package \([^ .]*\(\.[^ .]*\)*\)\..*/\1/p' "$log" | head -n 1)
  if [ -n "$pack" ]; then
    echo "publish: this NuGet feed lacks $pack, which $rid needs; use a feed that serves it" >&2
    exit 2
  fi
  cat "$log" >&2
  exit 1
fi
grep -E 'warning' "$log" || true
rm -f "$log"
