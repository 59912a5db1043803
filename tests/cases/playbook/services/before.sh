# Stands for systemd: units are files, and what was done to them too.
mkdir bin units
echo 'loaded inactive disabled' >units/web.service
echo 'loaded active enabled' >units/log.service
cat >bin/systemctl <<'END'
#!/bin/sh
units=${0%/*}/../units
while :; do case ${1:-} in --no-block | --force | -l | --property=*) shift ;; *) break ;; esac; done
verb=$1
name=''
for word in "$@"; do case $word in -*) ;; *) name=$word ;; esac; done
name=${name%\'}
name=${name#\'}
file=$units/${name%.service}.service
if [ "$verb" = daemon-reload ]; then
  echo reloaded >>"$units/reloads"
  exit
fi
if [ ! -e "$file" ]; then
  echo "LoadState=not-found"
  echo "ActiveState=inactive"
  [ "$verb" = show ]
  exit
fi
read -r load active enabled <"$file"
case $verb in
show) printf 'LoadState=%s\nActiveState=%s\n' "$load" "$active"; exit ;;
is-enabled) echo "$enabled"; [ "$enabled" = enabled ]; exit ;;
start) active=active ;;
stop) active=inactive ;;
restart | reload) echo "$verb $name" >>"$units/reloads" ;;
enable) enabled=enabled ;;
disable) enabled=disabled ;;
mask) enabled=masked ;;
unmask) enabled=disabled ;;
*) exit 1 ;;
esac
echo "$load $active $enabled" >"$file"
END
chmod 755 bin/systemctl
