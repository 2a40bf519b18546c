#!/usr/bin/env bash
# deb.sh RID FOLDER: a Debian package of the published edge-runtime in FOLDER, written to out/.
set -euo pipefail
cd "$(dirname "$0")/.."
rid=$1
folder=$2
case "$rid" in
  linux-x64) architecture=amd64 ;;
  linux-arm64) architecture=arm64 ;;
  *) echo "deb: $rid is not one of linux-x64, linux-arm64" >&2; exit 2 ;;
esac
command -v dpkg-deb > /dev/null || { echo "deb: dpkg-deb is missing; run: apt-get install -y dpkg" >&2; exit 2; }
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
root=out/deb/$rid
rm -rf "$root"
install -d -m 0755 "$root"/DEBIAN "$root"/usr/bin "$root"/usr/lib/edge "$root"/usr/share/doc/edge-runtime \
  "$root"/lib/systemd/system "$root"/etc/edge/keys "$root"/usr/share/edge
for file in "$folder"/*; do
  case "$file" in
    *.dbg|*.pdb|*.xml) ;;
    */edge-runtime) install -m 0755 "$file" "$root/usr/lib/edge/" ;;
    *) install -m 0644 "$file" "$root/usr/lib/edge/" ;;
  esac
done
ln -s ../lib/edge/edge-runtime "$root/usr/bin/edge-runtime"
install -m 0644 eng/deb/edge-runtime.service "$root/lib/systemd/system/"
install -m 0640 eng/deb/edge-runtime.json "$root/etc/edge/"
install -m 0644 firmware-docs/edge-runtime.schema.json "$root/usr/share/edge/"
install -m 0644 firmware-docs/edge-runtime.md firmware-docs/protocol.md "$root/usr/share/doc/edge-runtime/"
{
  printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: The Edge authors\nLicense: MIT\n'
  sed 's/^$/./; s/^/ /' LICENSE
} > "$root/usr/share/doc/edge-runtime/copyright"
date=$(date -R -d "@${SOURCE_DATE_EPOCH:-$(stat -c %Y CHANGELOG.md)}")
{
  printf 'edge-runtime (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md of Edge.\n\n -- The Edge authors <edge@localhost>  %s\n' "$version" "$date"
} | gzip -9n > "$root/usr/share/doc/edge-runtime/changelog.gz"
chmod 0644 "$root"/usr/share/doc/edge-runtime/*
echo /etc/edge/edge-runtime.json > "$root/DEBIAN/conffiles"
for script in preinst postinst prerm postrm; do install -m 0755 "eng/deb/$script" "$root/DEBIAN/"; done
(cd "$root" && find . -type f ! -path './DEBIAN/*' -printf '%P\n' | LC_ALL=C sort | xargs md5sum) > "$root/DEBIAN/md5sums"
size=$(du -ks --exclude=DEBIAN "$root" | cut -f 1)
cat > "$root/DEBIAN/control" <<CONTROL
Package: edge-runtime
Version: $version
Architecture: $architecture
Maintainer: The Edge authors <edge@localhost>
Installed-Size: $size
Depends: libc6 (>= 2.36), libgcc-s1, libstdc++6, libssl3, libmosquitto1 (>= 2.0), libsqlite3-0, libturbojpeg0, libpng16-16, zlib1g, passwd
Recommends: ca-certificates
Suggests: mosquitto
Section: utils
Priority: optional
Description: runs neural networks on a device and reports over MQTT
 One native program that takes images from cameras, folders and streams,
 runs signed model packages with ONNX Runtime, and publishes what it sees.
 It keeps running through network, camera and model failures, changes models
 without a pause, and says how it is.
CONTROL
package="out/edge-runtime_${version}_${architecture}.deb"
dpkg-deb --root-owner-group --build "$root" "$package" > /dev/null
echo "deb: $package ($(stat -c %s "$package" | numfmt --to=iec))"
