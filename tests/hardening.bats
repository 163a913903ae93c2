# SPDX-License-Identifier: LGPL-2.1-or-later
# What is built is hard to turn against the program that it is in, and shows others
# no more than it must.

load common

OBJECTS=("$SHIM" "$PRIVTMP" "$REAPER")

setup() {
	command -v readelf >/dev/null || skip "needs readelf"
}

# each TEXT: fail for what was built without a line that TEXT matches in its headers.
each() {
	local file

	for file in "${OBJECTS[@]}"; do
		run -0 readelf -dlW "$file"
		assert_output --regexp "$1"
	done
}

@test "what is looked up is looked up at the start, and cannot be written to after" {
	each 'GNU_RELRO'
	each 'BIND_NOW|FLAGS_1.* NOW'
}

@test "the tools run at addresses that cannot be foretold" {
	local file

	for file in "$PRIVTMP" "$REAPER"; do
		run -0 readelf -hW "$file"
		assert_output --regexp 'Type: +DYN'
	done
}

@test "no stack can be executed, and nothing that can be written" {
	local file

	each 'GNU_STACK .* RW +0x'
	for file in "${OBJECTS[@]}"; do
		run -0 readelf -dlW "$file"
		refute_output --partial TEXTREL
		refute_output --regexp '(LOAD|GNU_STACK) .* (RWE|WE|RW E)'
	done
	# The running thing, too: what the loader made of it.
	run -1 shimmed grep -E '^[^ ]+ .wx' /proc/self/maps
}

@test "a buffer on the stack that overflows ends the program" {
	local file

	if ! grep -q '^HARDEN_CFLAGS = .*-fstack-protector' "$PRIVTMP_BUILD/Makefile"; then
		skip "the compiler has no stack protector"
	fi
	for file in "${OBJECTS[@]}"; do
		run -0 readelf -sW "$file"
		assert_output --partial __stack_chk_fail
	done
}

@test "each object marks where indirect branches may lead" {
	local note file
	local -a files

	case $(sed -n 's/^HARDEN_CFLAGS = //p' "$PRIVTMP_BUILD/Makefile") in
	*-fcf-protection*) note='IBT, SHSTK' ;;
	*-mbranch-protection*) note='BTI' ;;
	*) skip "the compiler has no such marks" ;;
	esac
	# The linker keeps the mark only if the compiler's own start files have it.
	files=("$PRIVTMP_BUILD"/shim/*/.libs/*.o "$PRIVTMP_BUILD"/tools/*.o)
	[[ -e ${files[0]} && ${#files[@]} -gt 20 ]]
	for file in "${files[@]}"; do
		run -0 readelf -nW "$file"
		assert_output --partial "$note"
	done
}

@test "the library exports what some libc does, and nothing of its own" {
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' symbols are there too"
	nm -D --defined-only "$SHIM" | awk 'NF == 3 { sub(/@.*/, "", $3); print $3 }' |
		sort -u >"$BATS_TEST_TMPDIR/exported"
	# Not the libc at hand alone: see HACKING, "All libcs".
	{
		sed 's/@.*//' "$PRIVTMP_BUILD/shim/gen/have.txt"
		awk '!/^#/ && NF { print $1 }' "$PRIVTMP_SOURCE"/tests/census/abi/glibc.list \
			"$PRIVTMP_SOURCE"/tests/census/abi/musl.list "$PRIVTMP_SOURCE/tests/census/surface.list"
	} | sort -u >"$BATS_TEST_TMPDIR/libc"
	[[ -s $BATS_TEST_TMPDIR/exported ]]
	run -0 comm -23 "$BATS_TEST_TMPDIR/exported" "$BATS_TEST_TMPDIR/libc"
	assert_output ""
}

@test "the tools export the mark by which the shim knows them, and nothing else" {
	local file

	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' symbols are there too"
	for file in "$PRIVTMP" "$REAPER"; do
		# Not what the start files and copies of libc's data bring along.
		nm -D --defined-only "$file" | awk 'NF == 3 { print $3 }' |
			grep -vE '^(_IO_stdin_used|_(_bss_)?start|_?_?data_start|_edata|_end|_init|_fini)$|@' \
				>"$BATS_TEST_TMPDIR/exported" || :
		run -0 cat "$BATS_TEST_TMPDIR/exported"
		# No shim gets into a static one.
		if readelf -l "$file" | grep -q INTERP; then
			assert_output privtmp_tool
		else
			assert_output ""
		fi
	done
}

@test "no rule of the session can be left out of what is used" {
	local file

	! grep -q '^AM_CPPFLAGS.*PRIVTMP_HOLES' <(grep -v '^@HOLES_TRUE@\|^#' "$PRIVTMP_BUILD/Makefile") ||
		skip "this is a build with holes"
	for file in "${OBJECTS[@]}"; do
		run -1 grep -c PRIVTMP_HOLE "$file"
	done
}

# shellcheck disable=SC2016 # expanded by the inner shell
@test "a dynamic linker's arguments do not show where the private directory is" {
	local linker way pid shown

	linker=$(ldd "$PROGS/starts" | sed -nE 's|^\s*(/[^ ]*/ld[^ ]*) .*|\1|p')
	[[ -x $linker && $linker != *musl* ]] || skip "another linker's arguments stay as they are"
	cd "$BATS_TEST_TMPDIR" || return
	shown="tr '\0' ' ' </proc/\$(cat pid)/cmdline | tr -s ' '"
	for way in "" "--library-path /none:/tmp/lib:/var/tmp" "--argv0 /tmp/other --library-path /tmp"; do
		shimmed bash -c 'mkdir /tmp/lib; cp "$(type -P sleep)" /tmp/private; echo $$ >pid
			exec $1 $2 /tmp/private 30' sh "$linker" "$way" 3>&- &
		wait_until 5 test -s pid
		pid=$(cat pid)
		wait_until 5 bash -c "$shown | grep -qF '$linker ${way:+$way }/tmp/private 30 '" ||
			eval "$shown"
		run -0 bash -c "$shown"
		kill "$pid"
		wait
		rm pid
		assert_output "$linker ${way:+$way }/tmp/private 30 "
	done
	# Its own names are as before.
	run -0 shimmed bash -c 'cp "$1" /tmp/p; exec "$2" /tmp/p look:/none' sh "$PROGS/starts" "$linker"
	assert_output --partial "look /none"
	assert_no_session
}
