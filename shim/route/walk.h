/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The walk: follows a path component by component, as the kernel does, but in the view.
 * Needed where ".." or a link can cross a guarded directory's border: the kernel alone
 * would leave the backing there, or enter the shared directory.
 */
#ifndef PRIVTMP_WALK_H
#define PRIVTMP_WALK_H

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/sys.h"
#include "policy/view.h"

enum {
	WALK_ROOM = 256,			 /* before the path, for a prefix */
	WALK_PATH = 8192,			 /* a path and the rest of it */
	WALK_TEXT = 4096,			 /* a link's text */
	WALK_AHEAD = (SYS_LINKS + 1) * PATH_MAX, /* a path and all links' texts */
	WALK_DELETED = sizeof SYS_DELETED - 1,
};

/* The workspace and result of one walk; see walk_begin. */
struct walk {
	bool crossed;	/* the kernel alone would arrive elsewhere */
	bool foreign;	/* started in the shared directory, and still is there */
	bool deleted;	/* still at its start, which was removed */
	bool jumped;	/* followed a magic link of procfs */
	bool directory; /* a trailing slash requires a directory */
	bool searched;	/* ... that can be searched: "/." */
	bool refused;	/* walk_pin failed by a restriction, not by what is there */
	bool complete;	/* every component exists */
	bool barred;	/* walk_pin: links use up the kernel's limit */
	/*
	 * Set after walk_begin to walk as glibc's realpath does: it starts from the
	 * working directory's name, and ".." removes a component.
	 */
	bool lexical;
	int links; /* links followed so far */
	int held;  /* a descriptor, needed until the end, or -1 */
	/* A descriptor of the path's first deep_len bytes, which have no link; or -1. */
	int deep;
	size_t deep_len;
	size_t len; /* of the path */
	/*
	 * The first base_len bytes of the path are the directory that is base_ups
	 * levels above the descriptor base, or above the target of the magic link jump.
	 * 0: the path is absolute.
	 */
	int base;
	unsigned base_ups;
	size_t base_len;
	char jump[64];
	/*
	 * The path in the view, at .at[WALK_ROOM]: without "..", and without links
	 * except for a last component that is not followed. A prefix can be put before
	 * it without moving it.
	 */
	char at[WALK_ROOM + WALK_PATH];
	/* The rest, at the end of the buffer: most of it is never touched. */
	char ahead[WALK_AHEAD];
	const char *more; /* ... and what follows it of an overlong path */
	size_t more_len;
	char text[WALK_TEXT];
};

/*
 * Takes a workspace until walk_end. It is not on the stack, which may be small. NULL
 * with *ERROR set where there is none.
 */
struct walk *walk_begin(int *error);
void walk_end(struct walk *walk);

/*
 * Walks PATH (LEN bytes) from DIRFD. A path of PATH_MAX or more, which no system call
 * takes, is walked with FOLLOW only. 0 with the result in *WALK, or -errno. If the walk
 * never crossed, PATH can go to the kernel unchanged. From a component that cannot be
 * looked up on, the rest is appended unchanged: the kernel fails at the same place. Where
 * that is not sure, the walk fails.
 */
int walk_path(struct walk *walk, int dirfd, const char *path, size_t len,
	      enum follow follow);

/* The view's name of the result; terminated. */
static inline char *walk_view(struct walk *walk)
{
	return walk->at + WALK_ROOM;
}

/*
 * The real name of the result: with the prefix where it is guarded and not shared.
 * *GUARD is the guard's index, or -1.
 */
char *walk_real(struct walk *walk, size_t *len, int *guard);

/*
 * Another name of the result, by the magic link that led there, where REAL cannot be
 * reached; or NULL.
 */
char *walk_seen(struct walk *walk, const char *real);

/*
 * In a mixed session: opens with O_PATH, without following a link, what is at the end
 * of the walk, or its directory; and checks whether the call may have it (sticky.h).
 * *PATH is a name for it, on the way to which nobody can put a link any more. The
 * descriptor, or -errno; -EAGAIN where a link was put there since the walk.
 */
int walk_pin(struct walk *walk, enum follow follow, unsigned intent, const char **path);

/*
 * Whether a call may use the end of the walk in a shared directory: 0; 1 where it is a
 * directory; or -errno.
 */
int walk_judge(struct walk *walk, enum follow follow, unsigned intent);

/* -- Between the parts of the walk -- */

/*
 * Whether a look failed for a reason (-errno) of its own, rather than the path's: the kernel
 * need not meet that again, and could go on to where the walk would have been sent away.
 */
static inline bool walk_is_passing(ptrdiff_t error)
{
	return error == -ENOMEM || error == -EIO || error == -EMFILE ||
	       error == -ENFILE || error == -EINTR || error == -EAGAIN;
}

/* Whether the path is a guarded directory; whether it leads into a backing. */
bool walk_at_guard(struct walk *walk);
bool walk_is_private(struct walk *walk);

/* Replaces the path, which is a guarded directory, by its backing. 0 or -errno. */
int walk_enter(struct walk *walk);

/* Call where the path is a directory outside of the backings. */
int walk_arrive(struct walk *walk);

void walk_truncate(struct walk *walk, size_t len);
/* Appends "/NAME" to the path; false when it does not fit. */
bool walk_append(struct walk *walk, const char *name, size_t len);

/*
 * Goes over those names of what is ahead that the kernel finds no link in, but for the
 * last one, in one call where that is there. Returns the new start of what is ahead.
 */
char *walk_over_plain(struct walk *walk, char *ahead);

/*
 * The name in the directory .deep that the path ends with, or NULL: deep down it is
 * quicker to go on from there.
 */
const char *walk_deep_name(struct walk *walk);
void walk_forget_deep(struct walk *walk);

/* Writes the path as seen from its base to the text. False: it does not fit. */
bool walk_put_seen(struct walk *walk);

/* Whether only slashes are ahead. */
bool walk_is_last(const struct walk *walk, const char *ahead);

/* Whether the call follows a link at the end; SLASH: the path has a trailing slash. */
static inline bool walk_follows(enum follow follow, bool slash)
{
	return follow == FOLLOW || (follow == CREATE && !slash) ||
	       (follow == NOFOLLOW && slash);
}

/*
 * Puts the link's text (TEXT_LEN bytes) before the path that is ahead; as the last
 * component's, it says whether a directory is required. Returns the new beginning, or
 * NULL where both do not fit.
 */
char *walk_put_ahead(struct walk *walk, char *ahead, size_t text_len);

/*
 * Sets the path to the start of a relative one, seen from DIRFD. *AHEAD moves where a
 * part had to be walked for that. 0, -ENOLINK where the start has no name, or -errno.
 */
int walk_start(struct walk *walk, int dirfd, char **ahead, enum follow follow);

/*
 * The same for MAGIC, the real name of a magic link to a directory whose name is too
 * long.
 */
int walk_jump_unnamed(struct walk *walk, const char *magic, char **ahead,
		      enum follow follow);

/*
 * Whether the link that was just read may be followed (sticky.h). Its directory has
 * BEFORE bytes of the path. Reads the text again where that matters.
 */
int walk_check_link(struct walk *walk, size_t before, size_t *text_len);

/*
 * Whether procfs marks NAME (LEN bytes, terminated), the name of the directory at PATH
 * seen from DIRFD, as deleted. A directory that is there can be called so, too.
 */
bool walk_is_deleted(int dirfd, const char *path, const char *name, size_t len);
bool walk_is_directory(int dirfd, const char *path);

/* The directory that a walk starts from. */
struct start {
	bool backing; /* lies in a backing */
	bool deleted; /* was removed; this was its path */
	bool lost;    /* lies outside of the current root */
	bool top;     /* is "/", by a link's text, not seen from a descriptor */
};

/*
 * Writes the path of a directory (DIRFD, or the working directory) in the view to OUT.
 * Its length, or -errno where it has no name. If it is lost, OUT has its name in the
 * other root.
 */
ptrdiff_t walk_directory(int dirfd, char *out, size_t size, struct start *start);

/*
 * For a directory DIRFD outside of the current root, as after chroot(2) without chdir(2),
 * whose name the walk has: only the kernel can follow the path AHEAD there, and the
 * session has no backings there. -ENOLINK, or an errno where its words lead to a guarded
 * directory.
 */
int walk_refuse_lost(struct walk *walk, int dirfd, const char *ahead);

/*
 * Goes on from the directory DIRFD, whose name is too long, or which is lost (START, and
 * the name in the walk, tell), until there is a name: as walk_directory of that one, which
 * is held open until the walk ends. -ENOLINK where the whole path stays without one: the
 * kernel can follow it. -EACCES and others where it must not.
 */
ptrdiff_t walk_unnamed(struct walk *walk, int dirfd, char **ahead, enum follow follow,
		       struct start *start);

#endif
