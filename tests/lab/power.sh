# Keeps one host running outside of it: whenever its process 1 ends, the host boots again, as long as its power is on.
folder=$1 base=$2 name=$3 space=$4 init=$5
while [ -e "$folder/power" ]; do
    ip netns exec "$space" unshare --mount --uts --ipc --pid --fork --kill-child \
        sh "$init" "$folder" "$base" "$name" &
    echo $! >"$folder/init.part"
    mv "$folder/init.part" "$folder/init"
    status=0
    wait $! || status=$?
    # 130 is how the kernel tells of a host that switched itself off, 129 of one that boots again.
    [ "$status" != 130 ] || rm -f "$folder/power"
    sleep 0.1
done
