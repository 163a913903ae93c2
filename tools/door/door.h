/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The mount door: in a mount namespace of the program's own, the session's backings are
 * mounted over the guarded directories. It is for programs that no library can cover.
 *
 *     privtmp-door [--mount|--confine|--mount-or-confine] [--warn] [--argv0 NAME] --
 *                  PATH [ARG]...
 *
 * executes PATH, the real path of a program, with the ARGs and the environment. The
 * session is handed over as to any new image (session/handover.h). Argument 0 is NAME, or
 * PATH. If the door does not open, the exit status is 125 and one line says what forbids
 * it; with --warn the program is executed without it. If the program cannot be executed,
 * the status is 126 or 127.
 *
 * The door has only the rights of its caller. Its program gets only those that it would
 * have without the door.
 */
#ifndef PRIVTMP_DOOR_H
#define PRIVTMP_DOOR_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "policy/policy.h"

/* Which step failed, and why. */
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

/* The rights of a process that a user namespace changes. */
struct rights {
	uint64_t bounding, permitted, effective;
	int securebits;
};

void space_save_rights(struct rights *rights);

/*
 * Puts this process into a mount namespace of its own; if that needs one (*USER), in a new
 * user namespace, in which each id is the same as outside. 0 or -errno.
 */
int space_enter(struct refusal *refusal, bool *user);

/* Drops the capabilities that exec would not give without the namespace. 0 or -errno. */
int space_restore_rights(const struct rights *rights, struct refusal *refusal);

/* Writes TEXT to the file NAME of PROCESS, "self" or its number, in /proc. 0 or -errno. */
int space_write(const char *process, const char *name, const char *text);

/* -- maps.c: the ids of root in a container -- */

/* Call before the user namespace is made. */
void maps_prepare(void);

/* Call afterwards. WANTED: writes maps in which each id is as outside. 0 or -errno. */
int maps_write(bool wanted);

/* -- keeper.c: who keeps the session alive as long as the namespace -- */

#define KEEPER_NAME "privtmp-keeper" /* its name meanwhile */

/*
 * Finds or starts the keeper, which is a member from now on. ROOT: the session's; NULL: a
 * trial, in which nobody is. LEASE is a descriptor of its lease, locked. Call before there
 * are namespaces. 0 or -errno.
 */
int keeper_start(const char *root, int lease, struct refusal *refusal);

/*
 * The helper, if that is the keeper, keeps the directory FD open from keeper_watch on, so that
 * privtmp list can count what is in it. For a file system of its own alone: it would keep any
 * other one busy.
 */
void keeper_keep(int fd);

/*
 * The keeper stays a member until the mount at PATH, which is in this namespace alone, goes
 * away with the namespace. Without this call, until this process ends. 0 or -errno.
 */
int keeper_watch(const char *path);

/* -- instance.c: how the end of a namespace is seen -- */

/*
 * An instance of inotify with FLAGS (IN_*). What helpers have left to the kernel (serve.c)
 * counts among the user's for some milliseconds more: waits for these. A descriptor, or
 * -errno.
 */
int door_instance(int flags);

/* -- mount.c: the mounts -- */

/*
 * Mounts the backings of the live session over the guarded directories, and the shared
 * paths over the backings. Call after space_enter. 0 or -errno.
 */
int mounts_make(struct refusal *refusal);

/* Tries mounts of the same kinds at PATH, without a session. 0 or -errno. */
int mounts_try(const char *path, struct refusal *refusal);

/*
 * Opens PATH in the directory DIR, and makes it and the directories above it if they are
 * missing; FILE: as a file. In a mixed session others may have planted links, so none is
 * followed. Returns a descriptor to mount over, or -errno.
 */
int mounts_point(int dir, const char *path, bool file);

/* -- limit.c: backings held to a size -- */

/*
 * Instead of the backing of guard NUMBER, which is open as DISK, makes one in memory that
 * takes no more than the session's size limit. VIEW: the guarded directory. Returns a
 * descriptor, or -errno.
 */
int limit_backing(unsigned number, int view, int disk);

/* -- whereabouts.c: where the program starts from -- */

/* The names of the working directory and of a program in the view. */
struct start_name {
	char view[PATH_MAX]; /* empty: as it is */
	uint64_t device, inode;
	bool known; /* the two are */
};

/* Call before there are namespaces. PATH NULL: the working directory. 0 or -errno. */
int start_name(struct start_name *name, const char *path);

/* Whether that name still leads to the same file. */
bool start_is_same(const struct start_name *name, const char *path);

/* Stands in what the working directory was. */
void start_settle(const struct start_name *cwd);

/* Has the program's descriptors of directories lead to what is mounted now. */
void start_reopen(void);

/* -- probe.c: whether the door opens -- */

/*
 * Tries the door in a child. *USER: whether it needs a user namespace, in which set-user-ID
 * bits have no effect. *ENDING (NULL: waits for it): the child, which may still be taking its
 * namespace down, for the caller to wait for; SIGCHLD tells of its end. False: *REFUSAL says
 * which step failed, and no child is left.
 */
bool probe_door(struct refusal *refusal, bool *user, pid_t *ending);

/* -- ask.c: what forbids the door -- */

/* Whether to try the door first: it can fail half way, or kill this process. */
bool ask_first(void);

struct cause {
	const char *what, *remedy;
};

const struct cause *ask_cause(const struct refusal *refusal);

/* Reports in one line why PATH gets no door. WARN: it is executed without one. */
void ask_report(const struct refusal *refusal, const char *path, bool warn);

#endif
