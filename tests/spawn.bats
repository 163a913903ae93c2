# SPDX-License-Identifier: LGPL-2.1-or-later
# Paths that posix_spawn uses in the child, where no wrapper sees it: names of its file
# actions, and of the program. Each leads to the program's own /tmp, or to an error.

load common

setup() {
	need_own_tmp
	DIR=$(scratch)
	cd "$DIR" || return
	echo shared >/tmp/x
	echo shared >/var/tmp/x
}

teardown() {
	has_own_tmp || return 0
	cd /
	rm -rf /tmp/x /tmp/y /tmp/d-* /var/tmp/x /var/tmp/y
	assert_no_session
}

# shown COMMAND...: without the shim the shared directory is reached.
shown() {
	run -0 "$@"
	assert_output --partial shared
}

# refused STEP...: bare it is reached; under the shim nothing is started, and one line says why.
refused() {
	shown "$PROGS/starts" "$@"
	run -0 shimmed "$PROGS/starts" "$@"
	refute_output --partial ": shared"
	assert_output --partial EACCES
	assert_equal "$(grep -c 'privtmp: .*: a link may lead a name of its file actions' <<<"$output")" 1
}

# alike STEP...: each comes to what it does bare.
alike() {
	local bare

	bare=$("$PROGS/starts" "$@")
	run -0 shimmed "$PROGS/starts" "$@"
	assert_output "$bare"
}

@test "relative names behind a change of directory in posix_spawn lead to the private one" {
	local steps=(spawn:/=tmp/x spawn:/var=tmp/x spawn:/usr=../tmp/x spawn:/proc/self=root/tmp/x
		launch:/=tmp/d-1 launch:/usr=../tmp/d-1)

	printf '#!/bin/sh\necho shared\n' >/tmp/d-1
	chmod +x /tmp/d-1
	shown "$PROGS/starts" "${steps[@]}"
	assert_equal "$(grep -c shared <<<"$output")" 6
	run shimmed "$PROGS/starts" "${steps[@]}"
	refute_output --partial shared
	run -0 shimmed "$PROGS/starts" make:/tmp/x make:/var/tmp/x "sh:sed s/sha.*/own/ >/tmp/d-1 <&9; chmod +x /tmp/d-1" \
		"${steps[@]}" 9</tmp/d-1
	refute_output --partial shared
	assert_equal "$(grep -c 'program$' <<<"$output") $(grep -c 'own$' <<<"$output")" "4 2"
}

@test "relative names in posix_spawn before a change of directory lead to no shared one" {
	local way

	for way in cd:/usr=late:/=tmp/x cd:/usr=late:/var=tmp/x cd:/usr/lib=late:/usr=../tmp/x; do
		shown "$PROGS/starts" "${way%%=*}" "${way#*=}"
		run -0 shimmed "$PROGS/starts" "${way%%=*}" "${way#*=}"
		refute_line --regexp ": shared$"
		assert_line --partial EACCES
		assert_equal "$(grep -c 'privtmp: .*the working directory has changed' <<<"$output")" 1
	done
	# Nor does it matter to others: where nothing has changed, or no name depends on it.
	run -0 shimmed "$PROGS/starts" make:/tmp/x cd:/ late:/=tmp/x cd:/usr late:/=etc/hostname \
		cd:/usr late:/=/tmp/x
	assert_equal "$(grep -c 'program$' <<<"$output")" 2
	assert_line --partial "$(cat /etc/hostname)"
}

@test "nor does a name in posix_spawn to which a link has come since it was added" {
	for step in "then:ln -sf /tmp/x /tmp/d-l=/tmp/d-l" "then:ln -sfn /tmp d-m=d-m/x"; do
		shown "$PROGS/starts" "$step"
		run -0 shimmed "$PROGS/starts" "$step"
		refute_line --regexp "shared$"
		assert_line --partial "a link may lead a name"
	done
}

@test "a descriptor that is another directory in the child alone leads to no shared one" {
	local how

	for how in open dup; do
		shown "$PROGS/starts" hold:/usr "$how:/=tmp/x"
		run -0 shimmed "$PROGS/starts" hold:/usr "$how:/=tmp/x" "$how:/var=tmp/x"
		assert_equal "$(grep -c EACCES <<<"$output")" 2
		run -0 shimmed "$PROGS/starts" hold:/ "$how:/etc=hostname" make:/tmp/x "$how:/tmp=x"
		refute_output --partial shared
		assert_line "$how /etc=hostname: $(cat /etc/hostname)"
		assert_equal "$(grep -c 'program$' <<<"$output")" 1
	done
}

@test "nor does one by links of procfs that the child alone has so" {
	local path

	cd /usr
	for path in /proc/self/cwd/tmp/x /proc/thread-self/cwd/tmp/x /proc//self/./cwd/tmp/x \
		/dev/fd/../cwd/tmp/x /usr/../proc/self/fd/../cwd/var/tmp/x; do
		refused "spawn:/=$path"
		refused "late:/=$path"
	done
	for path in /proc/self/fd/9/tmp/x /dev/fd/9/tmp/x //dev/fd/9//tmp/x \
		/proc/thread-self/fd/9/var/tmp/x /usr/../proc/self/fd/9/tmp/x; do
		refused hold:/usr "open:/=$path"
		refused hold:/usr "dup:/=$path"
		refused "open:/=$path"
	done
	refused spawn:/proc=self/cwd/../tmp/x
	# The program itself: bare it is the shared one.
	mkdir -p usr/tmp
	cp "$(type -P true)" usr/tmp/d-1
	printf '#!/bin/sh\necho ": shared"\n' >/tmp/d-1
	chmod +x /tmp/d-1
	cd usr
	refused launch:/=/proc/self/cwd/tmp/d-1
}

@test "names by links of procfs lead on where the child has what the caller has" {
	cd /etc
	alike hold:/etc spawn:/=/dev/fd/9/hostname spawn:/=/proc/self/fd/9/hostname
	alike spawn:/etc=/etc/hostname spawn:.=hostname late:/etc=/proc/self/cwd/hostname
	run -0 shimmed "$PROGS/starts" hold:/ make:/tmp/x spawn:/usr=/dev/fd/9/tmp/x late:/etc=/proc/self/cwd/../tmp/x
	refute_output --partial shared
	assert_equal "$(grep -c 'program$' <<<"$output")" 2
}
