# shellcheck shell=bash
# How a script talks to a gateway it has started: where it listens, when it is ready, what to ask it. To be sourced.

# listening_address PID: "host:port" of the first socket the process listens on, for a client on this
# machine. Asked of the kernel, so it is right for every flag, variable and free port.
listening_address() {
    local pid=$1 sockets
    sockets=$(find "/proc/$pid/fd" -type l -lname 'socket:*' -printf '%l\n' 2>/dev/null | tr -dc '0-9\n' |
        tr '\n' ' ')
    # Columns of proc(5): 2 = local address and port in hexadecimal, 4 = state (0A listens), 10 = inode.
    # Addresses are 32-bit words in the byte order of the machine.
    cat "/proc/$pid/net/tcp" "/proc/$pid/net/tcp6" 2>/dev/null |
        awk -v sockets=" $sockets" '
            function byte(text, at) { return index(digits, substr(text, at, 1)) * 16 + index(digits, substr(text, at + 1, 1)) - 17 }
            BEGIN { digits = "0123456789ABCDEF" }
            $4 == "0A" && index(sockets, " " $10 " ") {
                split($2, part, ":")
                port = byte(part[2], 1) * 256 + byte(part[2], 3)
                address = part[1]
                if (address ~ /^0+(01000000)?$/ && length(address) == 32) host = "[::1]"
                else if (address ~ /^0+$/) host = "127.0.0.1"
                else if (length(address) == 8)
                    host = byte(address, 7) "." byte(address, 5) "." byte(address, 3) "." byte(address, 1)
                else {
                    host = ""
                    for (word = 0; word < 4; word++) {
                        w = substr(address, word * 8 + 1, 8)
                        host = host (word ? ":" : "[") substr(w, 7, 2) substr(w, 5, 2) ":" substr(w, 3, 2) substr(w, 1, 2)
                    }
                    host = tolower(host) "]"
                }
                print host ":" port
                exit
            }'
}

# running PID: false also for a process that has ended and that nobody has waited for yet.
running() { readlink "/proc/$1/exe" >/dev/null; }

# await_ready PID SECONDS: prints the base URL once the gateway is ready; fails if it ends or takes longer.
await_ready() {
    local pid=$1 until=$((SECONDS + $2)) address
    while ((SECONDS < until)); do
        running "$pid" || return 1
        address=$(listening_address "$pid")
        if [[ -n $address ]] && curl --noproxy '*' -fs -m 2 -o /dev/null "http://$address/health/readiness"; then
            echo "http://$address"
            return 0
        fi
        sleep 0.1
    done
    return 1
}

# curl_line URL: a command that asks the gateway a question; it works as it stands. A master key is not
# printed: the line names the variable it comes from.
# shellcheck disable=SC2016 # the variable is for the shell that runs the line
curl_line() {
    local url=$1 key='' header='' models model
    local ask=(curl --noproxy '*' -s -m 5)
    if [[ $("${ask[@]}" -o /dev/null -w '%{http_code}' "$url/v1/models") == 401 ]]; then
        if [[ -n ${LITELLM_MASTER_KEY:-} ]]; then
            key=$LITELLM_MASTER_KEY
            header=' -H "Authorization: Bearer $LITELLM_MASTER_KEY"'
        else
            header=' -H "Authorization: Bearer THE_MASTER_KEY_OF_YOUR_CONFIGURATION"'
        fi
    fi
    models=$("${ask[@]}" -H "Authorization: Bearer $key" "$url/v1/models" | grep -o '"id":"[^"]*"' | cut -d'"' -f4) || true
    model=$(grep -x demo <<<"$models" || head -n 1 <<<"$models")
    printf '%s' "curl $url/v1/chat/completions -H 'Content-Type: application/json'$header" \
        " -d '{\"model\": \"${model:-MODEL}\", \"messages\": [{\"role\": \"user\", \"content\": \"Hello!\"}]}'"
    echo
}
