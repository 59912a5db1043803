# A folder of stub packages, and stands-in for what a namespace cannot have.
set -e
mkdir -p /srv/packages /tmp/build
stub() {
  rm -rf /tmp/build/stub
  mkdir -p /tmp/build/stub/DEBIAN /tmp/build/stub/etc
  printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\nDescription: stub\n' "$1" "$2" >/tmp/build/stub/DEBIAN/control
  echo "$2" >"/tmp/build/stub/etc/$1.conf"
  printf '/etc/%s.conf\n' "$1" >/tmp/build/stub/DEBIAN/conffiles
  dpkg-deb --root-owner-group --build /tmp/build/stub "$3/$1_$2_all.deb" >/dev/null
}
stub stub-driver 570.1 /srv/packages
stub stub-driver 580.1 /srv/packages
stub stub-tool 1.0 /srv/packages
stub stub-alone 2.0 /srv
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
cd /srv/packages
for deb in *.deb; do
  dpkg-deb --field "$deb"
  echo "Filename: ./$deb"
  echo "Size: $(stat -c %s "$deb")"
  echo "SHA256: $(sha256sum <"$deb" | cut -d ' ' -f 1)"
  echo
done >Packages
printf -- '-----BEGIN PGP PUBLIC KEY BLOCK-----\nnone\n-----END PGP PUBLIC KEY BLOCK-----\n' >/srv/key.asc
cat >/usr/local/sbin/modprobe <<'END'
#!/bin/sh
echo "$@" >>/srv/modprobe
END
chmod 755 /usr/local/sbin/modprobe
