#!/usr/bin/env bash
# Builds the virtual board's kernel, modules and initramfs in out/board from Debian packages. Safe to run again.
# Nothing of the kernel is kept in this repository: modules of others are fetched and built here.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD/tests/VirtualBoard
board=$PWD/out/board
fail() { printf 'board: %s\n' "$*" >&2; exit 2; }
say() { printf 'board: %s\n' "$*"; }

[ "$(uname -m)" = x86_64 ] || fail "the virtual board is built on x86-64 machines only"
command -v apt-get > /dev/null || fail "apt-get is not here: the virtual board is made from Debian packages"
image=$(apt-cache depends linux-image-amd64 2> /dev/null | awk '/Depends: linux-image/ { print $2; exit }')
[ -n "$image" ] || fail "apt knows no linux-image-amd64; run: apt-get update"
version=${image#linux-image-}
sources=linux-source-$(cut -d. -f1,2 <<< "$version")

stamp="$version $(cat "$here"/setup.sh "$here"/init "$here"/*.c "$here"/module/* | sha256sum | cut -c1-16)"
if [ "$(cat "$board/stamp" 2> /dev/null)" = "$stamp" ]; then say "ready (kernel $version)"; exit 0; fi

# --- packages that are installed ----------------------------------------------------------------------------------------
packages=(qemu-system-x86 busybox-static cpio kmod xz-utils gcc make e2fsprogs mosquitto "linux-headers-$version")
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  install="apt-get install -y --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" = 0 ]; then as_root=(); elif sudo -n true 2> /dev/null; then as_root=(sudo); else fail "packages are missing; run as root: $install"; fi
  say "installing ${missing[*]}"
  log=$(mktemp)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $install > "$log" 2>&1 || { tail -n 3 "$log" >&2; fail "apt-get failed; mend that and run this again: $install"; }
  rm -f "$log"
fi

# --- packages that are unpacked only -------------------------------------------------------------------------------------
rm -rf "$board" && mkdir -p "$board"/{debs,system,module,root}
say "fetching the kernel $version, its sources and v4l2loopback"
(cd "$board/debs" && apt-get -qq -o APT::Sandbox::User=root download "$image" "$sources" v4l2loopback-dkms) || fail "apt-get download failed: is $image still served? run: apt-get update"
dpkg-deb --fsys-tarfile "$board"/debs/"$image"_*.deb | tar -xf - -C "$board/system" ./boot ./lib/modules
dpkg-deb --fsys-tarfile "$board"/debs/"$sources"_*.deb | tar -xf - -O "./usr/src/$sources.tar.xz" | xz -dc -T2 |
  tar -xf - -C "$board/module" --strip-components=3 "$sources"/drivers/gpio/{gpio-sim.c,gpiolib.h} "$sources"/kernel/irq/irq_sim.c
dpkg-deb --fsys-tarfile "$board"/debs/v4l2loopback-dkms_*.deb | tar -xf - -C "$board/module" --strip-components=4 ./usr/src

# --- modules -------------------------------------------------------------------------------------------------------------
say "building modules"
cp "$here"/module/* "$board/module/"
# irq_sim is part of a kernel that has it; as a module it may use only what is exported, and needs a licence.
sed -i 's/handle_simple_irq(irq_to_desc(irqnum));/generic_handle_irq_safe(irqnum);/' "$board/module/irq_sim.c"
printf '\n#include <linux/module.h>\nMODULE_LICENSE("GPL");\n' >> "$board/module/irq_sim.c"
make -s -C "/usr/src/linux-headers-$version" M="$board/module" modules > "$board/modules.log" 2>&1 || { tail -n 5 "$board/modules.log" >&2; fail "a module does not build: see $board/modules.log"; }
strip -g "$board"/module/*.ko
mkdir -p "$board/system/lib/modules/$version/extra"
cp "$board"/module/*.ko "$board/system/lib/modules/$version/extra/"
depmod -b "$board/system" "$version"

# --- the guest's first file system ------------------------------------------------------------------------------------------
root=$board/root
mkdir -p "$root"/{bin,sbin,dev,proc,sys,tmp,etc,app,lib/modules/$version}
cp /bin/busybox "$root/bin/busybox"
for name in $("$root/bin/busybox" --list); do [ "$name" = busybox ] || ln -s busybox "$root/bin/$name"; done
ln -sf ../bin/busybox "$root/sbin/modprobe"
for module in virtio_pci virtio_net virtio_blk ext4 vivid i2c-dev bmp280-i2c gpio-sim board-i2c v4l2loopback; do
  modprobe -d "$board/system" -S "$version" --show-depends "$module" || fail "the kernel $version has no module $module"
done | awk '$1 == "insmod" { print $2 }' | sed "s#^$board/system/##" | sort -u > "$board/modules.list"
(cd "$board/system" && cp --parents $(cat "$board/modules.list") "lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$root/")
depmod -b "$root" "$version"
for tool in feed control; do gcc -O1 -static -o "$root/bin/$tool" "$here/$tool.c" || fail "$tool.c does not compile"; done
cp "$here/init" "$root/init" && chmod 755 "$root/init"
echo 'root:x:0:0:root:/:/bin/sh' > "$root/etc/passwd"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) > "$board/initrd"
cp "$board/system/boot/vmlinuz-$version" "$board/vmlinuz"
rm -rf "$board"/{debs,system,root}
echo "$stamp" > "$board/stamp"
say "ready (kernel $version)"
