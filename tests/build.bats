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
