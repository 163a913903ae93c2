# SPDX-License-Identifier: LGPL-2.1-or-later
# Walks and patterns: every path that comes back is the view's, links lead where
# the view says, and a walk from above enters the private directory.

load common

setup() {
	WALKERS=$PROGS/walkers
	DIR=privtmp-walkers-$$-$RANDOM
	# What the walks find, made by whoever walks.
	TREE="mkdir -p /tmp/$DIR/a/b /tmp/$DIR/empty &&
		touch /tmp/$DIR/f /tmp/$DIR/a/g /tmp/$DIR/a/b/h /tmp/$DIR/a/b/.dot &&
		ln -s /tmp/$DIR/a /tmp/$DIR/absolute && ln -s a /tmp/$DIR/relative &&
		ln -s /nowhere /tmp/$DIR/dangling && ln -s ../f /tmp/$DIR/a/up"
}

teardown() {
	rm -rf "/tmp/$DIR"* "/var/tmp/$DIR"*
}

# both COMMAND: the shell COMMAND, with the tree made first, says the same
# without and with the shim, in whatever order.
both() {
	sh -c "$TREE; $1" 2>&1 | sort >"$BATS_TEST_TMPDIR/bare"
	rm -rf "/tmp/$DIR"* "/var/tmp/$DIR"*
	shimmed sh -c "$TREE; $1" 2>&1 | sort >"$BATS_TEST_TMPDIR/shimmed"
	diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/shimmed" >&2 ||
		fail "under the shim something else came of: $1"
	[[ -s $BATS_TEST_TMPDIR/bare ]]
	[[ -z $(find /tmp /var/tmp -maxdepth 1 -name "$DIR*") ]]
}

# FTW_PHYS is 1, FTW_MOUNT 2, FTW_CHDIR 4, FTW_DEPTH 8.

@test "nftw shows the view, whatever its flags" {
	for flags in 0 1 2 3 8 9; do
		both "$WALKERS nftw $flags /tmp/$DIR"
	done
	grep -q "^/tmp/$DIR/a/b/h 0 base" "$BATS_TEST_TMPDIR/shimmed"
	both "$WALKERS ftw /tmp/$DIR"
	assert_no_session
}

@test "nftw goes where it walks, if asked to, and comes back" {
	both "cd /usr && $WALKERS nftw 5 /tmp/$DIR; pwd"
	both "cd /tmp/$DIR && $WALKERS nftw 13 a; pwd"
	both "cd /tmp/$DIR/a && $WALKERS nftw 5 ..; pwd"
}

@test "nftw does with one descriptor what it does with ten" {
	both "$WALKERS nftw 1 /tmp/$DIR 1"
	both "$WALKERS nftw 5 /tmp/$DIR 1"
}

@test "what a callback returns ends the walk" {
	both "$WALKERS nftw 1 /tmp/$DIR 10 1"
	grep -qx 'nftw: 42' "$BATS_TEST_TMPDIR/shimmed"
	both "$WALKERS nftw 1 /tmp/$DIR/nowhere"
}

# A guarded directory with little beside it: / is as large as the machine.
@test "a walk from above meets the shared directory without the shim, the private one with it" {
	local above

	above=$(scratch)
	mkdir -m 1777 "$above/tmp"
	mkdir "$above/etc"
	touch "$above/tmp/planted"
	export PRIVTMP_GUARD=$above/tmp
	run -0 "$WALKERS" find planted "$above"
	assert_line "$above/tmp/planted"
	run -0 shimmed "$WALKERS" find planted "$above"
	assert_output ''
	run -0 shimmed sh -c "touch $above/tmp/own && cd $above &&
		$WALKERS find own $above && $WALKERS find own ."
	assert_output "$above/tmp/own
./tmp/own"
}

@test "fts shows the view, physically and logically, whether it goes along or stays" {
	for options in p pn l; do
		both "$WALKERS fts $options /tmp/$DIR"
		both "cd /tmp && $WALKERS fts $options $DIR /tmp/$DIR/a"
	done
	grep -q "^/tmp/$DIR/a/b/h len" "$BATS_TEST_TMPDIR/shimmed"
}

@test "walks elsewhere are what they were" {
	both "cd /usr/share && $WALKERS fts p /usr/share/bash-completion /etc/default"
	both "$WALKERS nftw 1 /etc/default"
}

@test "glob finds private names, and none of the shared directory's" {
	touch "/tmp/$DIR-planted"
	run -0 "$WALKERS" glob 0 "/tmp/$DIR-p*"
	assert_line "/tmp/$DIR-planted"
	run -0 shimmed "$WALKERS" glob 0 "/tmp/$DIR-p*" "/t*/$DIR-p*" "/tmp/../tmp/$DIR-p*"
	refute_line "/tmp/$DIR-planted"
	both "$WALKERS glob 0 '/tmp/$DIR/*' '/tmp/$DIR/*/*' '/t*/$DIR/[af]' '/tmp/$DIR/nothing*'"
	both "cd / && $WALKERS glob 0 't*/$DIR/*' '*/$DIR/a'"
	both "cd /tmp/$DIR && $WALKERS glob 0 '*' 'a/../*'"
	both "$WALKERS glob 0 '/tmp/$DIR/absolute/*' '/tmp/$DIR/relative/*'"
}

@test "glob's flags mean what they meant" {
	# GLOB_MARK, GLOB_NOCHECK, GLOB_PERIOD, GLOB_BRACE, GLOB_NOMAGIC, GLOB_ONLYDIR
	for flags in 2 16 128 1024 2048 8192; do
		both "$WALKERS glob $flags '/tmp/$DIR/a/b/*' '{/tmp,/usr}/$DIR/f*' '/tmp/$DIR/none*'"
	done
	# GLOB_TILDE
	both "HOME=/tmp/$DIR $WALKERS glob 4096 '~/*'"
}

@test "wordexp's patterns find private names, and its commands see them" {
	touch "/tmp/$DIR-planted"
	run -0 shimmed "$WALKERS" wordexp "/tmp/$DIR-p*"
	refute_line "/tmp/$DIR-planted"
	both "$WALKERS wordexp '/tmp/$DIR/*' '/tmp/$DIR/[af] \"*\" plain' '\$HOME/x*'"
	both "$WALKERS wordexp '\$(ls /tmp/$DIR) \`ls /tmp/$DIR/a\`'"
	both "X=/tmp/$DIR $WALKERS wordexp '\$X/*' '\"\$X\"/a/*' '\${X}/a/{b,c}'"
}

@test "wordexp quotes, splits and refuses as before" {
	both "$WALKERS wordexp \"'/tmp/$DIR/*' /tmp/$DIR/'a'/* /tmp/$DIR/\\\\*\" '/tmp/$DIR/* | x' '*.{a,b}'"
	both "IFS=: $WALKERS wordexp '/tmp/$DIR/*:/tmp/$DIR/a/*'"
	both "IFS= $WALKERS wordexp '/tmp/$DIR/a/*'"
	both "$WALKERS wordexp '\$((2*3)) \$(echo \"*\") \${HOME#*/}'"
}

@test "wordexp finds the same patterns within and behind quotes and substitutions" {
	local words=$BATS_TEST_TMPDIR/words

	sed "s|@|/tmp/$DIR|g" >"$words" <<-'EOF'
		@/* @/a/*
		"@"/* '@'/a/* \@/\*
		@/[af] @/[!a]* @/? @/"?"* @/'*' @/\[a]
		"$(echo @)"/* `echo @`/* $(echo "@/*") "`echo '@/*'`"
		$(echo ")" '(' \) @)/* `echo \`echo @\``/a/*
		$((1+2))/@ @/$((3-3))* $[1+1]* @/${none:-a}/* ${none:+@/*} "${none:-"}"}"/*
		${none:-@/*} "${none:-@/*}" ${none-'@/*'} ${none-"@/*"} ${none:-\}@}/*
		$* $@ $# $? $! $- "$*"/@/* @/a$*/*
		@/a* "un*quoted" 'un*quoted' "a\"*" "$(echo \")*" "`echo '"'`*"
		@/"a"* @/'a'* @/a"*"* @/\a* @/"$(echo a)"* @/`echo a`* @/"`echo a`"*
		@/a'$x'* @/a"\*"? *$ $ @/*$
		"
		'
		$(
		`
		${
		@/* "
		@/* '
		@/* $(
		@/* | x
		@/* ; x
		@/*<x
		@/*>@/x
		(@/*)
		{@/*}
		@/*&
		$none* ${none}* @/${HOME:+a}/*
		~/* ~none/* ~
		\
		@/*\
	EOF
	both "HOME=/tmp/$DIR; export HOME; $WALKERS words '$words'"
	grep -qx "/tmp/$DIR/\* .* by 0: </tmp/$DIR/a/b>" "$BATS_TEST_TMPDIR/shimmed"
	both "HOME=/tmp/$DIR; export HOME; cd /tmp/$DIR && IFS=/ $WALKERS words '$words'"
}

@test "without a session nothing of a guarded directory is shown" {
	touch "/tmp/$DIR-planted"
	export PRIVTMP_ROOT=/nowhere
	run shimmed "$WALKERS" nftw 1 /tmp
	refute_output --partial "$DIR-planted"
	run shimmed "$WALKERS" fts pn /tmp
	refute_output --partial "$DIR-planted"
	run shimmed "$WALKERS" glob 0 "/tmp/$DIR-p*"
	refute_line "/tmp/$DIR-planted"
	run shimmed "$WALKERS" wordexp "/tmp/$DIR-p*"
	refute_line "/tmp/$DIR-planted"
}

@test "words of all kinds are expanded as without the shim, and none by the shared directory" {
	local bare=$BATS_TEST_TMPDIR/bare shimmed=$BATS_TEST_TMPDIR/shimmed

	need_own_tmp
	# Nothing else is there.
	unshare --mount sh -c "mount -t tmpfs tmp /tmp && cd /tmp && exec '$PROGS/words' 7 4000" >"$bare"
	unshare --mount sh -c "mount -t tmpfs tmp /tmp && chmod 1777 /tmp && touch /tmp/shared &&
		cd /tmp && LD_PRELOAD='$SHIM' exec '$PROGS/words' 7 4000" >"$shimmed"
	cmp "$bare" "$shimmed" || fail "$(diff "$bare" "$shimmed" | head -n 20)"
	# Else this would compare nothing with nothing.
	grep -qxF '0 </tmp/*>: 0 </tmp/d> </tmp/w 2> </tmp/w1> </tmp/x1>' "$shimmed"
	[[ $(grep -c ': 0 <' "$shimmed") -gt 1000 ]]
}

@test "fts says the same of what is ahead, and does as it is told of that" {
	for options in psnc psc pso psnic psnico pskn psk psa psnf psf pscS pscF psncF psncS psd pshx lsc pscu psncu psN psnN psNa pdn; do
		both "$WALKERS fts $options /tmp/$DIR"
		both "cd /tmp && $WALKERS fts $options $DIR $DIR/relative /tmp/$DIR/absolute"
	done
	grep -q ' name h info 8 ' "$BATS_TEST_TMPDIR/shimmed"
	both "$WALKERS fts ps /tmp/$DIR ''"
	both "$WALKERS fts ps /tmp/$DIR/none /tmp/$DIR/f"
	both "$WALKERS fts psnc /tmp/$DIR"
	grep -q '^ahead b info 1 len 1' "$BATS_TEST_TMPDIR/shimmed"
}

@test "fts goes down as deep as it does, and says when a path is too long" {
	both "$WALKERS deep 25 /tmp/$DIR/empty; $WALKERS fts pqs /tmp/$DIR"
	both "$WALKERS deep 25 /tmp/$DIR/empty; $WALKERS fts pqsc /tmp/$DIR/empty /tmp/$DIR/a"
	both "$WALKERS deep 17 /tmp/$DIR/empty; $WALKERS fts pqsnc /tmp/$DIR"
	both "$WALKERS deep 25 /tmp/$DIR/empty; $WALKERS fts pqsn /tmp/$DIR"
	both "$WALKERS deep 330 /tmp/$DIR/empty; $WALKERS fts pqs /tmp/$DIR"
	grep -qx 'end: 36' "$BATS_TEST_TMPDIR/shimmed"
}
