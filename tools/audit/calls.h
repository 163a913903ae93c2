/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the traced calls do to a name. */
#ifndef PRIVTMP_AUDIT_CALLS_H
#define PRIVTMP_AUDIT_CALLS_H

#include <stdbool.h>

enum call_kind {
	CALL_OTHER,
	CALL_OPEN,   /* .a: flags, .b: mode */
	CALL_STREAM, /* the same, from fopen's word */
	CALL_CREAT,
	CALL_SHARED, /* shm_open and its kin */
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
	CALL_TEMPLATE,	   /* mkstemp and its kin: .a: number of X */
	CALL_TEMPLATE_DIR, /* mkdtemp */
	CALL_NAME,	   /* a name alone: mktemp, tmpnam */
	CALL_LOOK,	   /* stat, access: says something of what is there */
	CALL_LOOK_LINK,	   /* lstat, readlink: of the link itself */
	CALL_LOOK_OPENED,  /* fstat: of what cannot be exchanged any more */
	CALL_TELL,	   /* system, popen: a shell is told */
};

struct call {
	const char *name; /* for people: "open", also of open64 */
	enum call_kind kind;
	bool nofollow;	   /* never follows a link at the end */
	int flag_nofollow; /* what of its flags says so; 0: none */
};

/* What NUMBER is; one of kind CALL_OTHER where it is none. */
const struct call *call_of(unsigned number);

#endif
