# Runs in the new namespaces of a host, on the way to becoming its process 1: an own root from overlay layers, sshd.
set -eu
folder=$1 base=$2 name=$3
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$base,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
cd "$folder/root"
# As every boot does it: what is temporary is gone, and the boot has a name of its own.
find tmp -mindepth 1 -maxdepth 1 -exec rm -rf {} +
cat /proc/sys/kernel/random/uuid >"$folder/boot_id"
mount -t proc proc proc
mount --bind "$folder/boot_id" proc/sys/kernel/random/boot_id
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs dev
for node in null zero full random urandom tty; do cp -a "/dev/$node" dev/; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin; ln -s fd/1 dev/stdout; ln -s fd/2 dev/stderr
mount -t tmpfs -o mode=755 tmpfs run
mkdir run/sshd run/lock
hostname "$name"
mkdir -p mnt/old
pivot_root . mnt/old
cd /
umount -l /mnt/old
# A test may have told the host what its kernel finds.
if [ -x /usr/local/sbin/power-on ]; then PATH=/usr/local/sbin:$PATH /usr/local/sbin/power-on; fi
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    setpriv --bounding-set=-sys_module,-sys_time,-sys_rawio /usr/sbin/sshd -D -e
