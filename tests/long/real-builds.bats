# SPDX-License-Identifier: LGPL-2.1-or-later
# Compilers and their company, with and without the shim: the same output and status, nothing
# in the shared /tmp during or after.

load ../common
load ../real/lib

@test "gcc: its programs meet in /tmp, and what it builds there runs" {
	need gcc ar strip readelf
	real gcc run bare
}

@test "a program in /tmp finds the libraries beside it" {
	need gcc
	real loader
}

@test "make: makefiles and held-back output in /tmp, projects there" {
	need make
	real make
}

@test "git: a rebase in /tmp, clones, worktrees, editors" {
	need git
	real git
}

@test "bison, flex and m4: sources and diversions in /tmp" {
	need bison flex m4 gcc
	real bison
}

@test "gdb and cscope: a program in /tmp looked into" {
	need gdb cscope gcc
	real debug
}
