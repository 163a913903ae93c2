/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inspects a file that is about to be executed: a script, or a program that the shim
 * cannot be loaded into. Takes three system calls (statx, open, pread), and fgetxattr
 * for a plain user; only the first for a known file. Files are remembered by device,
 * inode and change time in memory of this image, which a vfork child shares.
 */
#ifndef PRIVTMP_EXEC_LOOK_H
#define PRIVTMP_EXEC_LOOK_H

#include <stdbool.h>

enum {
	SCRIPT_HEAD = 256,  /* the kernel's BINPRM_BUF_SIZE */
	SCRIPT_NESTING = 5, /* scripts that interpret each other: more fail with ELOOP */
};

/* The interpreter line of a script. */
struct script {
	char head[SCRIPT_HEAD + 1];
	char *interpreter; /* in HEAD */
	char *argument;	   /* NULL: none */
};

enum {
	LOOK_SCRIPT = 1,
	LOOK_STATIC = 2,    /* names no dynamic linker */
	LOOK_OTHER = 4,	    /* of the other word size, for which there is no shim */
	LOOK_ALIEN = 8,	    /* of another machine; an emulator may run it */
	LOOK_UNREAD = 16,   /* cannot be read: unknown */
	LOOK_SECURE = 32,   /* set-id or with capabilities: LD_PRELOAD is ignored */
	LOOK_DIRECT = 256,  /* makes system calls itself: Go with cgo */
	LOOK_LIBC = 512,    /* of another libc, and would not start with the shim */
	LOOK_LOADER = 1024, /* a dynamic linker, which opens a program by itself */
	LOOK_OUTSIDE = LOOK_STATIC | LOOK_OTHER | LOOK_ALIEN | LOOK_UNREAD | LOOK_DIRECT |
		       LOOK_LIBC,
};

struct look {
	int error;	      /* why it cannot be executed, if known: ENOENT, ENOTDIR */
	unsigned facts;	      /* LOOK_* */
	int fd;		      /* of the file, close-on-exec, or -1 */
	struct script script; /* for LOOK_SCRIPT */
};

/*
 * Inspects the real PATH, seen from DIRFD; FLAGS as for execveat(2). No facts about
 * what is no executable file: the kernel reports that. Call look_end unless the file
 * was executed.
 */
void look_at(struct look *look, int dirfd, const char *path, int flags);
/* The same, reading only what tells a script. */
void look_for_script(struct look *look, int dirfd, const char *path, int flags);
/* The same, reading what PATH is for who only reads it, as a dynamic linker does. */
void look_inside(struct look *look, const char *path);
void look_end(struct look *look);

/*
 * For a script: the facts of the interpreter that the kernel executes in the end. Only
 * facts is valid afterwards.
 */
void look_through(struct look *look);

/* Whether effective and real ids differ: then executed programs ignore LD_PRELOAD, too. */
bool look_two_users(void);

/* Whether the inspected script PATH, or DIRFD itself for "", may be executed. */
bool look_may_run(const struct look *look, int dirfd, const char *path);

#endif
