# SPDX-License-Identifier: LGPL-2.1-or-later
# Whom the shim trusts, what it removes, whom it admits, where its paths lead, what it finds in
# tables, function by function: each condition that a process seldom meets. See progs/direct.h.

load common

# direct NAME TEST: in a mount namespace of its own, on real files of several users.
direct() {
	[[ $EUID -eq 0 ]] || skip "needs root, to make files of other users"
	run timeout -k 5 60 "$PROGS/direct_$1" "${@:2}"
	[[ $status -ne 77 ]] || skip "$output"
	assert_success
	assert_output ""
}

@test "only files of one's own and of root are trusted, and only if nobody else can write" {
	direct trust owners modes same
}

@test "no directory or link on the way to a root is one that others can replace" {
	direct trust parents links many_links lengths
}

@test "a root is opened if it is its owner's alone, and not by a link" {
	direct trust open_roots
}

@test "in a user namespace only the system's directories are taken for root's" {
	direct trust namespaces believed
}

@test "in a directory of many nothing is used that others may have put there" {
	direct sticky
}

@test "whatever a root has in it is removed, and nothing that a link or a mount leads to" {
	direct remove trees shut mounts
}

@test "and so it is where another user has left no room for a name" {
	direct remove without_room
}

@test "what a file system keeps because it is open is waited for by nobody in vain" {
	direct remove open_files
}

@test "what cannot be removed is told, and what comes in between is no matter" {
	direct remove errors races
}

@test "with a session those roots are removed that say that they are its own" {
	direct remove_session
}

@test "a user is let into all roots of a session, and no further, until that is undone" {
	direct admit
}

@test "each link that leads across a guarded directory's border is noted, and few others" {
	direct border
}

@test "in a mixed session what was checked is held, so that nobody comes in between" {
	direct protected
}

@test "a walk arrives where the kernel does if backings are mounted on guarded directories" {
	direct walk with_kernel
}

@test "a walk begins anywhere, and takes paths of every length" {
	direct walk odd_starts lengths filters seen parts
}

@test "a walk down a deep tree holds what it came by, and no longer than it is on the way" {
	direct deep
}

@test "a walk begins in a directory whose name is too long, and closes what it opened" {
	direct unnamed
}

@test "who is behind the mount door is known by the mounts of every process" {
	direct behind
}

@test "a tree is walked here if a guarded directory is in it, by whatever name" {
	direct tree
}

@test "only where a session's own backing is mounted a process is inside the mount door" {
	direct inside
}

@test "a seccomp filter answers a call of the shim as it answers the kernel" {
	direct seccomp
}

@test "no thread passes a guarded path while another makes the session" {
	direct threads
}

@test "what a libc lacks is done by number or by its twin there, or fails with ENOSYS" {
	direct missing
}

@test "a function is found in the tables of every linker, and libc's leads to the shim at once" {
	direct symbols
}

@test "a command has a terminal of its own for each that it had, and stops and ends with that" {
	direct relay terminal mixed background
}

@test "through pipes all is carried both ways, and nothing is waited for that nobody takes" {
	direct relay pipes ends rest lacking no_fork
}

@test "an instruction of x86 is as long as it is, and one that is cut off is none" {
	direct x86
}

@test "a trace is written to none but a trace, and to no more of it than there is room for" {
	direct trace files texts counts images objects lines build_ids
}

@test "of a path it says where it leads, who can change that, and what is there" {
	direct trace watched paths moves places
}

@test "a call of the program is recorded with its paths, and of very many their shapes" {
	direct point
}

@test "a trace is made where none but its owner comes, and of what is read of it all is checked" {
	direct trace_file
}

@test "a trace's processes, scripts and events are read in order, or not at all" {
	direct events
}

@test "of a mount door that does not open it is told what forbids it" {
	direct ask
}

@test "what a command has left is told once, with its size, and what was not seen of it" {
	direct left
}

@test "a report goes into no file that another user has put on the way" {
	direct output
}

@test "a name that is made from what others know can be known, and one that is drawn cannot" {
	direct names
}

@test "the word by which the shim was preloaded is found, and lasts where the program goes" {
	direct preload_word
}

@test "of a file that is executed it is seen what starts it, and whether the shim can be in it" {
	direct exec_look
}

@test "a script is its interpreter's by any first line, and its comments are not its code" {
	direct script
}

@test "a unit says what systemd takes from its lines and its drop-ins" {
	direct unit_file
}

@test "the shim is found in a prefix, a build tree or another prefix, and loaded by its name" {
	direct preload
}

@test "a program's libraries are those that its linker would find, by whatever list" {
	direct libraries
}

@test "of a program it is told whether the shim gets into it, and sees all that it does" {
	direct program
}

@test "who is in a session is known by maps, descriptors, locks and mounts of each process" {
	direct members
}

@test "of a process it is seen what it runs, what is mapped and mounted, and what it was told" {
	direct process
}

@test "who says what of a session is heard of its own alone, and what is missing is told" {
	direct sessions
}

@test "sessions are found by their names, and many of one user are no harm to others" {
	direct roots
}

@test "an attack has proved what the command did with what was planted, and no more" {
	direct attack
}

@test "on an old kernel rights are judged as a new one does, and descriptors are closed" {
	direct older
}

@test "a name's bytes are a character where they are one in UTF-8, and else each by itself" {
	direct character
}

@test "a policy's text, a line of the configuration and a pattern are what they may be, exactly" {
	direct policy texts numbers patterns plain_paths lines
}

@test "settings that cannot be met are refused, each by its name, and no text is cut short" {
	direct policy refusals guards
}

@test "a program without the shim goes the way that the settings say, or is refused with its cause" {
	direct uncovered
	direct uncovered_door
}

@test "a list of file actions gets the view's paths, and is refused where they lead elsewhere by then" {
	direct spawn_actions
}

@test "a new image gets the shim, the lists as they really are, and the name of its session" {
	direct exec_env
	direct exec_environ
}

@test "the variables are led while libc opens what they name, and no longer" {
	direct libc_opens
}

@test "a linker's lists lead where the view's do, and so do its arguments where it is executed" {
	direct loader
}
