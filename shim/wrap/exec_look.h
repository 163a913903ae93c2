/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a file is that is about to be executed: a script, or a program that the shim
 * cannot be loaded into. It takes three system calls (statx, open, pread), a plain user's
 * one more (fgetxattr), and only the first where the file was looked at before: that is
 * remembered by device, inode and change time, in this image's own memory, which a vfork
 * child shares.
 */
#ifndef PRIVTMP_EXEC_LOOK_H
#define PRIVTMP_EXEC_LOOK_H

#include <stdbool.h>

enum { SCRIPT_HEAD = 256 }; /* the kernel's BINPRM_BUF_SIZE */

/* The interpreter line of a script. */
struct script {
	char head[SCRIPT_HEAD + 1];
	char *interpreter; /* in HEAD */
	char *argument;	   /* NULL: none */
};

enum {
	LOOK_SCRIPT = 1,
	LOOK_STATIC = 2, /* asks for no dynamic linker */
	LOOK_OTHER = 4,	 /* of the machine's other word size, and there is no such shim */
	LOOK_ALIEN = 8,	 /* of another machine, which an emulator may run */
	LOOK_UNREAD = 16, /* cannot be read, so that nobody knows */
	LOOK_SECURE =
		32, /* has rights of its own: the dynamic linker ignores LD_PRELOAD */
	LOOK_DIRECT = 256, /* calls the kernel past any library: Go's, with cgo */
	LOOK_OUTSIDE = LOOK_STATIC | LOOK_OTHER | LOOK_ALIEN | LOOK_UNREAD | LOOK_DIRECT,
};

struct look {
	int error; /* why it cannot be executed, where that was plain: ENOENT, ENOTDIR */
	unsigned facts;	      /* LOOK_* */
	int fd;		      /* of the file, closed by an exec, or -1 */
	struct script script; /* for LOOK_SCRIPT */
};

/*
 * Looks at the real PATH, seen from DIRFD; FLAGS are those of execveat(2). Nothing is said
 * of what is no file that may be executed: the kernel will say it. look_end is to follow
 * where the file has not been executed.
 */
void look_at(struct look *look, int dirfd, const char *path, int flags);
/* The same, but for whether it is a script no more than its bytes are read. */
void look_for_script(struct look *look, const char *path);
void look_end(struct look *look);

/*
 * The same of what the kernel will execute for it in the end, where it is a script: its
 * interpreter. Only facts are right from then on.
 */
void look_through(struct look *look);

/*
 * Whether the effective user or group is not the real one: what is executed then ignores
 * LD_PRELOAD, too.
 */
bool look_two_users(void);

/* Whether the script PATH, which has been looked at, may be executed. */
bool look_may_run(const struct look *look, const char *path);

#endif
