# SPDX-License-Identifier: LGPL-2.1-or-later
# Shells and the small programs of scripts, with and without the shim: the same output and
# status, nothing in the shared /tmp during or after.

load ../common
load ../real/lib

@test "the comparison notices a scenario that leaves traces in /tmp" {
	need mktemp
	arena trace plain plain-again
	verdict_plain
	run -1 verdict plain-again
	assert_line "in the shared directories under 'plain-again':"
	assert_line "no session under 'plain-again'"
}

@test "bash: here-documents, redirections, globs and working directories" {
	need bash seq
	real bash run bare
}

@test "dash and busybox: the same for small scripts" {
	need dash busybox
	real dash run bare
}

@test "tcsh: here-documents" {
	need tcsh
	real tcsh run bare
}

@test "zsh and mksh: here-documents, here-strings and =(...)" {
	need zsh mksh
	real zsh
}

@test "mktemp(1): every form, lock directories, pid files" {
	need mktemp
	real mktemp run bare
}

@test "coreutils, findutils and util-linux on files, links and FIFOs in /tmp" {
	need find flock setsid
	real files
}

@test "script and expect: terminals, completion, ed and less on them" {
	need script expect ed less
	real terminal
}

@test "grep, ripgrep, fd, tree and ctags: trees walked in many ways" {
	need rg fdfind tree ctags
	real search
}
