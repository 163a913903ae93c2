/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of traced calls. */
#ifndef PRIVTMP_AUDIT_CALLS_H
#define PRIVTMP_AUDIT_CALLS_H

#include <stdbool.h>

enum call_kind {
	CALL_OTHER,
	CALL_OPEN,   /* .a: flags, .b: mode */
	CALL_STREAM, /* the same, from fopen's word */
	CALL_CREAT,
	CALL_SHARED, /* shm_open and the like */
	CALL_MKDIR,
	CALL_NODE, /* mknod, mkfifo */
	CALL_SYMLINK,
	CALL_LINK,
	CALL_RENAME,
	CALL_UNLINK,
	CALL_CHMOD,
	CALL_CHOWN,
	CALL_SIZE,
	CALL_TIMES,
	CALL_ATTRIBUTE,
	CALL_LIST, /* opendir */
	CALL_GO,   /* chdir */
	CALL_ROOT, /* chroot */
	CALL_MOUNT,
	CALL_EXEC,
	CALL_LOAD,
	CALL_BIND,
	CALL_CONNECT,
	CALL_TEMPLATE,	   /* mkstemp and the like: .a: number of X */
	CALL_TEMPLATE_DIR, /* mkdtemp */
	CALL_NAME,	   /* a name alone: mktemp, tmpnam */
	CALL_LOOK,	   /* stat, access: looks at the file */
	CALL_LOOK_LINK,	   /* lstat, readlink: of the link itself */
	CALL_LOOK_OPENED,  /* fstat: looks at an open file, which cannot be replaced */
	CALL_TELL,	   /* system, popen: passes a text to a shell */
};

struct call {
	const char *name; /* for people: "open", also of open64 */
	enum call_kind kind;
	bool nofollow;	   /* never follows a link at the end */
	int flag_nofollow; /* the flag that says so; 0: none */
};

/* The call with NUMBER; one of kind CALL_OTHER for an unknown number. */
const struct call *call_of(unsigned number);

#endif
