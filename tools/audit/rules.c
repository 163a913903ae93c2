/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is known of each rule, wherever it was broken; see finding.h. In an attack, @PATH@
 * stands for the path of the finding, as a word of a shell. The attacker's lines begin with
 * "mallory$"; ~alice is the home of who runs the program.
 */
#include "finding.h"

const struct rule rules[RULES] = {
	[RULE_INSECURE_NAME_API] = {
		.name = "insecure-name-api",
		.severity = SEVERITY_MEDIUM,
		.title = "A name is made before the file",
		.cwe = "CWE-377",
		.cert = "FIO21-C",
		.instead = "Make the file and its name in one step: mkstemp(3) or mkdtemp(3) "
			   "with six X or more, or tmpfile(3).",
		.attack = "mallory$ ln -s ~alice/.profile @PATH@  # before the file is made\n"
			  "The program opens the name, and writes to ~alice/.profile.",
		.help = "tmpnam, tempnam and mktemp return a name that was free a moment ago. "
			"Whoever makes it first has the file: the program opens what another "
			"user has put there. A template of mkstemp with fewer than six X "
			"leaves names that can be guessed or used up. mkstemp, mkdtemp and "
			"O_TMPFILE make the file together with its name, for its owner alone.",
	},
	[RULE_PREDICTABLE_NAME] = {
		.name = "predictable-name",
		.severity = SEVERITY_MEDIUM,
		.title = "Another user can know the name beforehand",
		.cwe = "CWE-377 CWE-340",
		.cert = "FIO21-C",
		.instead = "Let mkstemp(3) or mkdtemp(3) choose the name; what has to have a "
			   "fixed one belongs in $XDG_RUNTIME_DIR or another directory of the "
			   "user's own.",
		.attack = "mallory$ mkdir @PATH@  # before the program starts\n"
			  "The program fails, or uses what it finds there.",
		.help = "The name is the same in each run, or is made from the process's "
			"number, the time, the user or the program's name. Another user can "
			"make all such names beforehand: at the least the program then fails "
			"(denial of service); with a missing O_EXCL it uses what was planted.",
	},
	[RULE_MISSING_EXCLUSIVE] = {
		.name = "missing-exclusive",
		.severity = SEVERITY_HIGH,
		.title = "What is there already is taken for the program's own",
		.cwe = "CWE-377 CWE-379",
		.cert = "FIO03-C",
		.instead = "Make files with O_CREAT|O_EXCL and mode 0600 (fopen: \"wx\"), and "
			   "after EEXIST of mkdir look with lstat(2) whether the directory is "
			   "one's own and closed to others.",
		.attack = "mallory$ ln -s ~alice/.profile @PATH@  # before the program starts\n"
			  "The program opens the link, and writes to ~alice/.profile.",
		.help = "open with O_CREAT but without O_EXCL, creat, and fopen with \"w\" or "
			"\"a\" open what another user has put at the name: a link to a file of "
			"the victim's, a FIFO, or a file that its maker can go on reading and "
			"writing. So does a program that goes on after mkdir said EEXIST and "
			"does not look whose directory it is. An open with O_CREAT and no mode "
			"argument gives the file permissions by chance.",
	},
	[RULE_CHECK_THEN_USE] = {
		.name = "check-then-use",
		.severity = SEVERITY_MEDIUM,
		.title = "A name is looked at, and then used",
		.cwe = "CWE-367 CWE-363",
		.cert = "FIO01-C POS35-C",
		.instead = "Open once, with O_NOFOLLOW, and look at the descriptor: fstat(2), "
			   "fchmod(2), fchown(2) instead of calls by name.",
		.attack = "mallory$ while :; do mv -T a @PATH@; mv -T b @PATH@; done\n"
			  "a is what the check lets pass, b a link; sooner or later the check "
			  "sees one and the use the other.",
		.help = "Between a look at a name (access, stat, readlink, ...) and its use "
			"(open, chmod, chown, rename, unlink, exec) another user can put "
			"something else there. What was found out about the name then holds "
			"no more. A descriptor cannot be exchanged: look at that.",
	},
	[RULE_LOOSE_PERMISSIONS] = {
		.name = "loose-permissions",
		.severity = SEVERITY_MEDIUM,
		.title = "Others can read or write it",
		.cwe = "CWE-378 CWE-732 CWE-276",
		.cert = "FIO06-C",
		.instead = "Make it with mode 0600 (a directory: 0700), whatever the umask is, "
			   "and do not widen it afterwards.",
		.attack = "mallory$ cat @PATH@  # where others can read it\n"
			  "mallory$ echo evil >>@PATH@  # where they can write to it",
		.help = "In a directory that all users share, the mode of a file is all that "
			"keeps others from it. It was made, or made by chmod, so that others "
			"can read it, write to it or, with a socket or a FIFO, talk to who "
			"listens. The umask is the user's choice and does not replace a mode.",
	},
	[RULE_FOLLOWED_LINK] = {
		.name = "followed-link",
		.severity = SEVERITY_HIGH,
		.title = "A link in a shared directory was followed",
		.cwe = "CWE-59 CWE-61",
		.cert = "POS01-C",
		.instead = "Open with O_NOFOLLOW, make with O_EXCL, and use lstat, lchown and "
			   "AT_SYMLINK_NOFOLLOW where a name may be a link.",
		.attack = "mallory$ ln -s ~alice/.ssh/id_ed25519 @PATH@\n"
			  "The program reads, writes or chmods where the link leads.",
		.help = "The last component of the path, in a directory where others can make "
			"names, was a symbolic link, and the call went where it leads. Who "
			"makes the link chooses the file that the program acts on, with the "
			"program's rights.",
	},
	[RULE_FOREIGN_OBJECT] = {
		.name = "foreign-object",
		.severity = SEVERITY_HIGH,
		.title = "Another user made it, or could have replaced it",
		.cwe = "CWE-283 CWE-426 CWE-427",
		.cert = "FIO15-C",
		.instead = "Execute, load and read configuration only from directories that "
			   "nobody else can write to; of what must be shared, compare the "
			   "owner by fstat(2) after opening it with O_NOFOLLOW.",
		.attack = "mallory$ cp evil @PATH@  # before the program looks there\n"
			  "The program executes, loads or believes what mallory wrote.",
		.help = "The program opened, executed, loaded or sourced a file in a directory "
			"where any user can make one, by a name that it had not made itself in "
			"this run. Whoever was there first decides what it gets. A PATH or a "
			"library path with such a directory in it is the same.",
	},
	[RULE_LEFTOVER] = {
		.name = "leftover",
		.severity = SEVERITY_LOW,
		.title = "It is still there after the program's end",
		.cwe = "CWE-459",
		.cert = "FIO21-C",
		.instead = "Remove it on each way out, by signal as well; or use tmpfile(3) or "
			   "O_TMPFILE, which leave no name (a shell: trap 'rm -rf \"$dir\"' "
			   "EXIT).",
		.attack = "mallory$ ls -l @PATH@  # long after the program has ended\n"
			  "What is left fills the disk, and tells what the program did.",
		.help = "A temporary file or directory that the program made was there when its "
			"last process had ended. Left-overs fill the file system, keep data "
			"longer than anyone knows of, and take names that the next run wants.",
	},
	[RULE_OUTSIDE_KNOWLEDGE] = {
		.name = "outside-knowledge",
		.severity = SEVERITY_LOW,
		.title = "The name is told to another program",
		.cwe = "CWE-668",
		.cert = "",
		.instead = "Hand on a descriptor (/dev/fd/N, a pipe), or put the file into a "
			   "directory of mode 0700 made with mkdtemp(3).",
		.attack = "mallory$ ps -eo args | grep /tmp/\n"
			  "Command lines are for all to see; the name is no secret from then on.",
		.help = "The name of a temporary file went to another program as an argument or "
			"in its environment. Every user can read command lines, and the other "
			"program opens the file by name: it has to trust that the file is still "
			"the same.",
	},
	[RULE_HARDCODED_PATH] = {
		.name = "hardcoded-path",
		.severity = SEVERITY_NOTE,
		.title = "It has a name in a shared directory built in",
		.cwe = "CWE-377 CWE-379",
		.cert = "FIO15-C",
		.instead = "Ask for a name when it runs: mkstemp(3) below $TMPDIR, "
			   "$XDG_RUNTIME_DIR or $XDG_CACHE_HOME.",
		.attack = "mallory$ touch @PATH@  # before the program runs",
		.help = "The file has the text of a path below /tmp or another directory that "
			"all users share. A name that is built in is known to everyone before "
			"the program runs. Whether and how it is used, \"privtmp audit\" tells.",
	},
	[RULE_NOT_COVERED] = {
		.name = "not-covered",
		.severity = SEVERITY_NOTE,
		.title = "The shim does not see all that it does",
		.cwe = "",
		.cert = "",
		.instead = "Run it by the door that serves it; \"privtmp check\" names it.",
		.attack = "The program reaches the shared directory past the shim.",
		.help = "A static program, one with system calls of its own, io_uring or "
			"set-user-ID is not, or not wholly, reached by a preloaded library. "
			"What it does in a shared directory is neither redirected by it nor "
			"reported.",
	},
};
