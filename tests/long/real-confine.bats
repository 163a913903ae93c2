# SPDX-License-Identifier: LGPL-2.1-or-later
# The real programs once more, confined: what gets past the shim the kernel refuses, and
# the program's output is another. It is that of running bare, and nothing is to be seen in
# the shared directories: nothing opened, and no attribute changed.
#
# Not agents: ssh-agent is set-group-ID, and makes a shared path that was not there before
# (LIMITS in libprivtmp(7)).

load ../common
load ../real/lib

setup() {
	local output

	output=$("$PRIVTMP" run --confine true 2>&1) || skip "no Landlock here: $output"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time has paths of its own"
}

# each "SCENARIO PROGRAM..." ...: those of the scenarios whose programs are there.
each() {
	local row name programs ran='' failed=''

	for row; do
		read -r name programs <<<"$row"
		# shellcheck disable=SC2086 # a list
		[[ $(command -v $programs | wc -l) == "$(wc -w <<<"$programs")" ]] || continue
		ran+=" $name"
		mkdir -p "$BATS_TEST_TMPDIR/$name"
		BATS_TEST_TMPDIR=$BATS_TEST_TMPDIR/$name real "$name" confine || failed+=" $name"
	done
	echo "# ran:$ran" >&3
	[[ $ran ]] || skip "none of the programs is installed"
	[[ -z $failed ]] || fail "not as bare:$failed"
}

@test "shells and the small programs of scripts, confined: as without the shim" {
	each "bash bash seq" \
		"dash dash busybox" \
		"tcsh tcsh" \
		"zsh zsh mksh" \
		"mktemp mktemp" \
		"files find flock setsid" \
		"terminal script expect ed less" \
		"search rg fdfind tree ctags"
}

@test "archives, confined: as without the shim" {
	each "sort sort gzip" \
		"zip zip unzip" \
		"tar tar bzip2 xz zstd cpio" \
		"rsync rsync" \
		"deb dpkg-deb ar run-parts" \
		"openssl openssl"
}

@test "builds, confined: as without the shim" {
	each "gcc gcc ar strip readelf" \
		"loader gcc" \
		"make make" \
		"git git" \
		"bison bison flex m4 gcc" \
		"debug gdb cscope gcc"
}

@test "editors and texts, confined: as without the shim" {
	each "ed ed diff" \
		"vim vim" \
		"editors nvi ex arj" \
		"patch patch sdiff rcsdiff" \
		"man man groff mandb"
}

@test "languages, confined: as without the shim" {
	each "python /usr/bin/python3" \
		"perl perl" \
		"scripting lua5.4 tclsh ruby gawk mawk" \
		"node node"
}

@test "servers, confined: as without the shim" {
	each "sqlite sqlite3" \
		"tmux tmux"
}
