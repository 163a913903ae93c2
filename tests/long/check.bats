#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2016,SC2028,SC2094,SC2154 # programs' text, with its escapes; what is
# checked, and bats' variables
#
# privtmp check, of what there is on the machine: all of /usr/bin, other libcs, word sizes and
# machines, Go, set-user-ID programs; and what it says compared with what happens.

load ../common

setup() {
	TOOL=(env ${PRIVTMP_SANITIZER:+"LD_PRELOAD=$PRIVTMP_SANITIZER"} "$PRIVTMP")
	DIR=$(scratch)
	cd "$DIR" || return
	[[ -x $PRIVTMP_BUILD/tools/checker ]] || skip "was built without libelf"
	command -v jq >/dev/null || skip "needs jq"
}

check() {
	"${TOOL[@]}" check "$@"
}

# looked_at FILE...: what is said of them is in the file "json".
looked_at() {
	check --format json "$@" >json || :
}

# verdict FILE: in one word.
verdict() {
	looked_at "$1"
	jq -r '.files[0].verdict' json
}

@test "all of /usr/bin is looked at in a minute for 1,000 files, and nothing goes wrong" {
	local start=$SECONDS files

	check --format json /usr/bin >json 2>errors || :
	files=$(jq .summary.files json)
	echo "$files files in $((SECONDS - start)) seconds"
	[[ $files -gt 100 ]]
	((SECONDS - start <= 1 + files * 60 / 1000))
	run cat errors
	assert_output ""
	run -0 jq .summary.wrong json
	assert_output 0
}

@test "what is static, and what is set-user-ID, is what file(1) and find(1) say it is" {
	command -v file >/dev/null || skip "needs file(1)"
	looked_at /usr/bin
	# Links to other directories are followed, which find does not do.
	jq -r '.files[] | select(.linking == "static") | .path' json | sort |
		while read -r path; do [[ -L $path ]] || echo "$path"; done >ours
	find /usr/bin -xdev -type f -exec file {} + |
		sed -n 's/: *ELF.*static.*linked.*//p' | sort >theirs
	diff ours theirs
	jq -r '.files[] | select(.kind == "program" and .secure_execution) |
		[.path, .verdict] | join(" ")' json | sort >ours
	find /usr/bin -xdev -type f \( -perm -4000 -o -perm -2010 \) -exec file {} + |
		sed -n 's/: *[a-z, -]*ELF.*//p' | sed 's/: *setuid.*//' | sed 's/$/ not-covered/' |
		sort >theirs
	[[ -s theirs ]] || skip "has no set-user-ID program"
	diff ours theirs
}

@test "instructions that call the kernel are those that objdump(1) finds" {
	local n=0 program ours theirs

	[[ $(uname -m) == x86_64 ]] || skip "has instructions of x86-64"
	for program in /usr/bin/{bash,fio,stress-ng,gdb,perl,vim.basic,git} "$SHIM"; do
		[[ -e $program ]] || continue
		theirs=$(objdump -d --no-show-raw-insn "$program" |
			grep -cE '^ *[0-9a-f]+:\s+(syscall|int +\$0x80|sysenter) *$' || :)
		looked_at "$program"
		ours=$(jq --arg program "$program" '[.files[0].system_calls[] |
			select(.module == $program).instructions] | add // 0' json)
		assert_equal "$program $ours" "$program $theirs"
		n=$((n + 1))
	done
	[[ $n -gt 1 ]]
}

@test "libraries are those that the dynamic linker loads" {
	local program n=0

	for program in bash git perl python3 gdb vim.basic cmake ssh; do
		program=$(type -P "$program") || continue
		program=$(readlink -f "$program")
		[[ $(head -c 4 "$program") == $'\x7fELF' ]] || continue
		looked_at "$program"
		jq -r '.files[0].libraries[]' json |
			xargs -r readlink -f | sort >ours
		LD_TRACE_LOADED_OBJECTS=1 "$program" |
			sed -n 's/.* => \(\/[^ ]*\) .*/\1/p; s/^\t\(\/[^ ]*\) (.*/\1/p' |
			xargs -r readlink -f | sort -u >theirs
		# The linker itself is no library unless one names it.
		grep -v '/ld-linux' ours >ours.some || :
		grep -v '/ld-linux' theirs >theirs.some || :
		diff ours.some theirs.some
		n=$((n + 1))
	done
	[[ $n -gt 1 ]]
}

@test "a musl program's verdict is what happens: the shim does not get into it" {
	command -v musl-gcc >/dev/null || skip "needs musl-gcc"
	echo 'int main(void) { return 0; }' >p.c
	musl-gcc -o musl p.c
	looked_at musl
	run -0 jq -r '.files[0].libc' json
	assert_output musl
	run "${TOOL[@]}" run --backend preload "$DIR/musl"
	if [[ $status == 0 ]]; then
		assert_equal "$(verdict musl)" covered
	else
		assert_equal "$(verdict musl)" not-covered
	fi
}

@test "a 32-bit program's own calls are found by their numbers, and it is served as it is" {
	echo 'int main(void) { __asm__ volatile("mov $5, %%eax; int $0x80" ::: "eax"); return 0; }' >p.c
	echo 'int main(void) { return 0; }' >q.c
	cc -m32 -o own p.c && cc -m32 -o plain q.c || skip "needs a 32-bit compiler"
	looked_at own plain
	run -0 jq -r '.files[0].system_calls[0].paths[0], .files[1].bits' json
	assert_output "open"$'\n'32
	# Without a 32-bit shim beside the other, no library gets into it.
	run "${TOOL[@]}" run --backend preload "$DIR/plain"
	if [[ $status == 0 ]]; then
		assert_equal "$(verdict plain)" covered
	else
		assert_equal "$(verdict plain)" not-covered
	fi
}

@test "arm64's calls are found in arm64's code" {
	local cc

	cc=$(compgen -c aarch64-linux-gnu-gcc | grep -E 'gcc(-[0-9]+)?$' | head -n 1) || :
	[[ -n $cc ]] || skip "needs a compiler for arm64"
	echo 'void own(void) { __asm__ volatile("mov x8, #56\n\tsvc #0" ::: "x8", "x0"); }
		void other(void) { __asm__ volatile("mov x8, #172\n\tsvc #0" ::: "x8", "x0"); }' >p.c
	"$cc" -shared -fPIC -nostdlib -o own.so p.c
	looked_at own.so
	run -0 jq -c '.files[0] | .machine, .system_calls[0].paths' json
	assert_output '"arm64"'$'\n''["openat"]'
}

@test "Go programs are known, with cgo and without, and stripped of all that can go" {
	command -v go >/dev/null || skip "needs go"
	export GOCACHE=$DIR/cache GOFLAGS=-mod=mod GO111MODULE=off HOME=$DIR
	printf 'package main\nimport "os"\nfunc main() { os.Getpid() }\n' >pure.go
	printf 'package main\n// static int f(void) { return 1; }\nimport "C"\nfunc main() { C.f() }\n' >cgo.go
	for flags in '' '-ldflags=-s -w -buildid=' '-buildmode=pie'; do
		go build ${flags:+"$flags"} -o pure pure.go
		go build ${flags:+"$flags"} -o cgo cgo.go
		looked_at pure cgo
		run -0 jq -c '.files[] | [.go, .verdict, .door]' json
		assert_output '[true,"not-covered","mount"]'$'\n''[true,"not-covered","mount"]'
	done
}

@test "a file that others may not read is named, and the rest are looked at" {
	need_users
	cp "$(type -P true)" closed
	chmod 4711 closed
	cp "$(type -P true)" open
	chmod 755 open . # the directory, too
	run as_user "${TOOL[@]}" check closed open
	assert_equal "$status" 1
	assert_line --partial "closed: cannot be read: Permission denied"
	assert_line --regexp '^covered .* open'
}

@test "file capabilities are seen" {
	command -v setcap >/dev/null || skip "needs setcap"
	cp "$(type -P true)" own
	setcap cap_net_raw+ep own 2>/dev/null || skip "files can be given no capabilities here"
	run -1 check own
	assert_line --partial "file capabilities: the dynamic linker ignores LD_PRELOAD"
}

@test "built without libelf it says so" {
	mkdir build
	cd build
	"$PRIVTMP_SOURCE/configure" --without-libelf >log 2>&1 || fail <log
	make -s -j2 >log 2>&1 || fail <log
	run -2 tools/privtmp check /bin/true
	assert_output --partial "this privtmp was built without libelf; build it where"
}
