# SPDX-License-Identifier: LGPL-2.1-or-later
# Script languages and the temporary files of their libraries, with and without the shim: the
# same output and status, nothing in the shared /tmp during or after.

load ../common
load ../real/lib

@test "python3: tempfile in all its forms, sockets, multiprocessing" {
	need /usr/bin/python3
	real python run bare
}

@test "perl: File::Temp, File::Find, Cwd, sockets" {
	need perl
	real perl
}

@test "Lua, Tcl, Ruby and awk: temporary files and what is done with them" {
	need lua5.4 tclsh ruby gawk mawk
	real scripting
}

@test "Node.js: files, sockets, threads and watches, some of it by number" {
	need node
	real node
}

@test "Java: temporary files, sockets, and the directory that jps reads" {
	need java javac
	real java
}
