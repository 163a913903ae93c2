# SPDX-License-Identifier: LGPL-2.1-or-later
# What the build makes.

load common

@test "the library has no text relocations, no executable stack, no lazy binding" {
	run -0 readelf -dlW "$SHIM"
	refute_output --partial TEXTREL
	assert_output --regexp 'GNU_STACK .* RW '
	assert_output --regexp 'BIND_NOW|FLAGS_1.* NOW'
	assert_output --partial GNU_RELRO
}

@test "the library needs nothing but libc" {
	local needed

	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' libraries are there too"
	needed=$(readelf -dW "$SHIM" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
	run -1 grep -vE '^(libc|libdl|ld-linux[^.]*|ld-musl[^.]*)\.' <<<"$needed"
}

@test "make uninstall takes away all that make install has brought" {
	local dir=$BATS_TEST_TMPDIR/root

	# Not what an outer make says of its own build.
	unset MAKEFLAGS MFLAGS MAKELEVEL
	make -s -C "$PRIVTMP_BUILD" install DESTDIR="$dir" >&2 3>&-
	run -0 find "$dir" -type f
	[[ ${#lines[@]} -gt 6 ]]
	make -s -C "$PRIVTMP_BUILD" uninstall DESTDIR="$dir" >&2 3>&-
	# Directories stay that others may have things in, too.
	run -0 find "$dir" ! -type d -o -path '*/libexec/privtmp'
	assert_output ''
}

@test "a script for the checkout says with --help what it does, and does nothing" {
	local script

	for script in tools/{build,check,demo,deps,format,release-check,try} \
		tests/{compilers,coverage,fresh-root,kill-1000,mutate,prove} \
		tests/attacks/{matrix,rules} tests/bench/{crowd,instructions}; do
		[[ $script != tests/mutate ]] || command -v python3 >/dev/null || continue
		PRIVTMP_BUILD=$BATS_TEST_TMPDIR/none PRIVTMP_COVERAGE_BUILD=$BATS_TEST_TMPDIR/none \
			run -0 timeout 20 "$PRIVTMP_SOURCE/$script" --help
		assert_line --index 0 --regexp "(^|[ /])${script##*/}( |:|$)"
		[[ ! -e $BATS_TEST_TMPDIR/none ]]
	done
}

# shellcheck disable=SC2016 # awk's own fields
@test "the README names the packages that the build and its tests take" {
	local named

	named=$(awk '/^    apt-get install/ { on = 1 }
		on { more = /\\$/; sub(/#.*/, ""); for (i = 1; i <= NF; i++) print $i; on = more }' \
		"$PRIVTMP_SOURCE/README" | grep -vxE 'apt-get|install|[^a-z]' | sort -u)
	# Not what every Debian has, if in another package, nor what a compiler brings with it.
	run -0 awk '/^(build|test) / && $3 !~ /^(mawk|bash|.*utils|util-linux(-extra)?|linux-libc-dev)$/ {
		print $3 }' "$PRIVTMP_SOURCE/tools/deps"
	assert_equal "$named" "$(sort -u <<<"$output")"
}
