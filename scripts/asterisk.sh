#!/usr/bin/env bash
# Asterisk 22 and two SIP phones (sipp, baresip) for the tests marked 'live' and for `make bench-live`:
# unpacked into .venv/asterisk from the Debian registry that this machine already uses, by any user.
# Nothing is installed, and nothing is started. Where that cannot be: one line, and those tests skip
# themselves.
#
# Debian 12 has no Asterisk, so packages of a newer Debian run beside the machine's own libraries,
# each program through the ld.so that came with it.
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

folder=.venv/asterisk
tried=.venv/.packages-tried-asterisk
programs=(asterisk sip-tester baresip-core)

# What those programs, and the modules we load, link to: 36 packages of about 160 they depend on.
needed='asterisk|asterisk-modules|asterisk-core-sounds-en-gsm|sip-tester|baresip-core'
needed+='|libbsd0|libc6|libcap2|libcrypt1|libdbus-1-3|libedit2|libgcc-s1|libgsl[0-9]+|libgslcblas0'
needed+='|libgsm1|libibverbs1|libjansson4|libmd0|libncursesw6|libnl-3-200|libnl-route-3-200'
needed+='|libpcap0.*|libpugixml1.*|libre[0-9]+|librem[0-9]+|libsctp1|libsqlite3-0|libssl[0-9].*'
needed+='|libstdc\+\+6|libsystemd0|libtinfo6|liburiparser1|libuuid1|libxml2.*|libxslt1\.1|libzstd1'
needed+='|zlib1g'
modules=(res_pjsip{,_session,_pubsub} res_ari res_stasis res_http_websocket res_rtp_asterisk
    chan_pjsip pbx_config app_stasis app_dial bridge_softmix codec_gsm format_wav func_uuid)

key() { sha256sum scripts/asterisk.sh | cut -d' ' -f1; }
fresh() { [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$(key)" ]; }
recently() { [ -n "$(find "$tried" -mmin -720 2>/dev/null)" ]; }

# An apt that knows one suite of the machine's own registry and thinks that nothing is installed.
# Signatures are checked; dates are not, because a registry may serve an old snapshot.
apt_of() {  # folder, suite
    local registry keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    registry=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT)' 'Identifier: Packages' \
        | awk '$2 == "main" && $1 !~ /security/ {print $1; exit}')
    [ -n "$registry" ] && [ -r "$keyring" ] || return
    mkdir -p "$1"/{lists/partial,archives/partial,none}
    : >"$1/status"
    printf '%s\n' 'Types: deb' "URIs: $registry" "Suites: $2" 'Components: main' \
        "Signed-By: $keyring" >"$1/registry.sources"
    apt=(apt-get -qq -o "Dir::Etc::SourceList=$1/registry.sources" -o "Dir::Etc::SourceParts=$1/none"
        -o "Dir::Etc::PreferencesParts=$1/none" -o "Dir::State=$1" -o "Dir::State::status=$1/status"
        -o "Dir::Cache=$1" -o APT::Install-Recommends=false -o "APT::Sandbox::User=$(id -un)"
        -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false
        -o Acquire::Retries=2 -o Acquire::http::Timeout=20)
    "${apt[@]}" update
}

unpack() {  # folder, pattern of packages
    local names
    names=$("${apt[@]}" --simulate install "${programs[@]}" | awk '/^Inst/ {print $2}' \
        | grep -Ex "$2") || return
    # shellcheck disable=SC2086  # one word for each package
    (cd "$1/.apt/archives" && "${apt[@]}" download $names) || return
    for package in "$1"/.apt/archives/*.deb; do
        dpkg-deb -x "$package" "$1/root" || return
    done
    (cd "$1/.apt/archives" && sha256sum -- *.deb) >"$1/packages.txt"
}

# The programs by their own ld.so, wherever the folder lies.
wrap() {  # folder
    local ld libraries program
    ld=$(find "$1"/root/usr/lib/*-linux-gnu* -maxdepth 1 -name 'ld-linux*.so.*' -type f | head -n1)
    [ -n "$ld" ] || return
    libraries=root/usr/lib/$(basename "$(dirname "$ld")")
    for program in sbin/asterisk bin/sipp bin/baresip; do
        cat >"$1/$(basename "$program")" <<SH
#!/bin/sh
here=\$(dirname "\$(realpath "\$0")")
exec "\$here/${ld#"$1/"}" --library-path "\$here/$libraries" "\$here/root/usr/$program" "\$@"
SH
        chmod +x "$1/$(basename "$program")"
    done
    ln -sfn "$libraries/asterisk/modules" "$1/modules"
    loader=("$ld" --library-path "$1/$libraries" --list)
}

# baresip 1.1 dies in one call of sixty on a busy machine: the thread that writes what is heard says
# itself that it runs, so one that is stopped before it begins is not waited for, and writes into
# memory that is no longer its own. Here it is said before the thread is made, as later versions do;
# a build that looks otherwise stays as it is.
mend() {  # folder
    perl -0777 -pi -e '
        s/\xe8.{4}(?=\x48\x8d\x7b\x18\x48\x89\xd9\x31\xf6\x48\x8d\x15)/\xc6\x43\x20\x01\x90/s
            and s/\xc6\x43\x20\x01(?=\x80\x7b\x20\x00)/\x90\x90\x90\x90/' \
        "$1/root/usr/lib/baresip/modules/aufile.so"
}

whole() {  # folder: every program and module finds its libraries
    local file files=("$1"/root/usr/{sbin/asterisk,bin/sipp,bin/baresip})
    for file in "${modules[@]}"; do
        files+=("$1/modules/$file.so")
    done
    for file in "${files[@]}"; do
        "${loader[@]}" "$file" >"$1/.list" 2>&1 && ! grep -q 'not found' "$1/.list" || return
    done
    rm "$1/.list"
    "$1/asterisk" -V | grep -q '^Asterisk 22\.'
}

fetch() {  # folder: from the first suite that has it
    local suite
    for suite in testing sid; do
        for packages in "$needed" '.*'; do  # a library changed its name: all that apt would take
            rm -rf "$1"
            mkdir -p "$1/root"
            apt_of "$1/.apt" "$suite" && unpack "$1" "$packages" && wrap "$1" && mend "$1" && whole "$1" \
                || continue
            rm -rf "$1/.apt"
            return
        done
    done
    return 1
}

install() {
    local new=$PWD/$folder.new
    if command -v apt-get dpkg-deb awk timeout >/dev/null \
        && timeout 300 "$0" --fetch "$new" >"$tried" 2>&1 </dev/null; then
        key >"$new/.stamp"
        rm -rf "$folder" "$tried"
        mv "$new" "$folder"
    else
        grep -E '^E:' "$tried" | head -3 >&2 || true
        rm -rf "$new"
    fi
}

if [ "${1:-}" = --fetch ]; then
    fetch "$2"
    exit
fi
fresh && exit 0
if command -v flock >/dev/null; then  # two makes at once: the second waits, then finds it done
    exec 9>"$folder.lock"
    flock 9
    fresh && exit 0
fi
if ! recently; then
    say "unpacking Asterisk for the live tests into $folder"
    install
fi
fresh || say "Asterisk 22 cannot be unpacked here: the tests marked 'live' will be skipped"
