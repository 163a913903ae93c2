/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The mount door: a program sees the session's backings in the place of the guarded
 * directories, since they are mounted there, in a mount namespace of its own. What can
 * be covered by no library comes in by it.
 *
 *     privtmp-door [--mount|--confine|--mount-or-confine] [--warn] [--argv0 NAME] --
 *                  PATH [ARG]...
 *
 * executes PATH, the real path of a program, with the ARGs and the environment. The
 * session is the one that is handed over as to any new image (session/handover.h). The
 * program is argument 0 by NAME, or by PATH. Where the door does not open, the exit
 * status is 125, and one line says what forbids it; with --warn the program is executed
 * all the same. A program that cannot be executed: 126 or 127.
 *
 * It has no right that its caller does not have, and its program gets none that it would
 * not have without it.
 */
#ifndef PRIVTMP_DOOR_H
#define PRIVTMP_DOOR_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "policy/policy.h"

/* Which step did not come off, and why. */
struct refusal {
	const char *step; /* STEP_* */
	int error;	  /* an errno; of STEP_KILLED the signal */
};

#define STEP_AMBIENT "ambient capabilities"
#define STEP_CHILD "fork"
#define STEP_CONFINE "Landlock"
#define STEP_INOTIFY "inotify"
#define STEP_KILLED "killed"
#define STEP_MAPS "uid_map"
#define STEP_MOUNT "mount"
#define STEP_OPEN "open"
#define STEP_RIGHTS "capabilities"
#define STEP_UNSHARE "unshare"

/* -- space.c: the namespaces -- */

/* What of a process's rights a user namespace changes. */
struct rights {
	uint64_t bounding, permitted, effective;
	int securebits;
};

void space_save_rights(struct rights *rights);

/*
 * Puts this process into a mount namespace of its own, with a user namespace where that
 * takes one (*USER), in which each id is what it is outside. 0 or -errno.
 */
int space_enter(struct refusal *refusal, bool *user);

/* So that no more capabilities come by exec than would have without. 0 or -errno. */
int space_restore_rights(const struct rights *rights, struct refusal *refusal);

/* Writes TEXT to the file NAME of PROCESS, "self" or its number, in /proc. 0 or -errno. */
int space_write(const char *process, const char *name, const char *text);

/* -- keeper.c: who lets the session live as long as the namespace -- */

#define KEEPER_NAME "privtmp-keeper"

/* Before there are namespaces: starts it, a member from now on. 0 or -errno. */
int keeper_start(struct refusal *refusal);

/* Behind unshare: has it write maps by which each id is what it is outside. 0 or -errno. */
int keeper_write_maps(void);

/*
 * It stays until what is mounted at PATH, in this namespace alone, has gone with that;
 * else it ends with this process. 0 or -errno.
 */
int keeper_watch(const char *path);

/* -- mount.c: what is mounted -- */

/*
 * Mounts the backings of the session, which is live, over the guarded directories, and
 * what is shared in them over these. Behind space_enter. 0 or -errno.
 */
int mounts_make(struct refusal *refusal);

/* Tries the same kinds of mounts at PATH, of no session. 0 or -errno. */
int mounts_try(const char *path, struct refusal *refusal);

/* -- whereabouts.c: where the program starts from -- */

/* What the working directory, and a program, are called in the view. */
struct start_name {
	char view[PATH_MAX]; /* empty: as it is */
	uint64_t device, inode;
	bool known; /* the two are */
};

/* Before there are namespaces. PATH NULL: the working directory. 0 or -errno. */
int start_name(struct start_name *name, const char *path);

/* Whether what is called so now is the same. */
bool start_is_same(const struct start_name *name, const char *path);

/* Stands in what the working directory was. */
void start_settle(const struct start_name *cwd);

/* Has the program's descriptors of directories lead to what is mounted now. */
void start_reopen(void);

/* -- probe.c: whether it opens -- */

/*
 * Tries it in a child. *USER: whether that takes a user namespace, in which set-user-ID
 * programs are none. False: *REFUSAL says where it failed.
 */
bool probe_door(struct refusal *refusal, bool *user);

/* -- ask.c: what forbids it -- */

/* Whether to try it first, since it may come off by half, or kill who asks. */
bool ask_first(void);

struct cause {
	const char *what, *remedy;
};

const struct cause *ask_cause(const struct refusal *refusal);

/* Says in one line why there is no door for PATH. WARN: it is executed all the same. */
void ask_report(const struct refusal *refusal, const char *path, bool warn);

#endif
