/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The view: which path leads where.
 *
 * Pure path algebra over a policy, but for one look: whose a directory is that stays
 * shared for being its owner's. The glance at a path's bytes, which most calls end
 * with, is scan.h's; what a process has inherited is inherited.h's; walking links is
 * walk.h's; session life is session.h's.
 */
#ifndef PRIVTMP_VIEW_H
#define PRIVTMP_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/compiler.h"
#include "policy/policy.h"

/* How a call treats a link in the path's last component. */
enum follow {
	FOLLOW,		 /* as stat(2) */
	NOFOLLOW,	 /* as lstat(2): followed with a trailing slash only */
	PARENT,		 /* as mkdir(2), unlink(2): the last one is never walked */
	CREATE,		 /* as open(2) with O_CREAT: not with a trailing slash */
	CREATE_NOFOLLOW, /* the same with O_NOFOLLOW; for route_plan alone */
};

/* The first byte of a path for which more than a glance is needed. */
enum { SUSPECT_ABSOLUTE = 1, SUSPECT_RELATIVE = 2, SUSPECT_SHARE = 4 };

enum { VIEW_PAGES = 256, VIEW_PAGE_SHIFT = 12, VIEW_PAGE = 1 << VIEW_PAGE_SHIFT };

/* Of a root and of a path the quick look takes so many bytes, and writes a word more. */
enum { QUICK_ROOT = 64, QUICK_PATH = 256, ROUTE_QUICK = QUICK_ROOT + QUICK_PATH + 16 };

/*
 * A guard as the quick look wants it: the first bytes of its path, and of the
 * slash behind it if that fits in, as one word; its root, with room behind it to
 * be read as whole words.
 */
struct quick_guard {
	uint64_t word, mask;
	uint32_t len; /* of its path */
	uint32_t bit; /* in session.made; 0 where the root is too long */
	uint32_t root_len;
	char root[QUICK_ROOT];
};

struct view {
	/* Where the pages begin from which a path was read before, by number. */
	uintptr_t pages[VIEW_PAGES];
	const struct policy *policy; /* NULL: everything passes */
	/* By byte: see SUSPECT_*. */
	unsigned char suspect[256];
	/*
	 * LINKS_*: whether some link can lead where the kernel alone would go
	 * astray. Lives in the lease, because any member may make such a link.
	 */
	const volatile unsigned char *links;
	unsigned quicks;
	struct quick_guard quick[POLICY_GUARDS + POLICY_ALIASES];
	/* Whether the working directory may lie in a backing; never reset. */
	unsigned char cwd_inside;
	/*
	 * Whether a relative path may start in a shared directory, by the working
	 * directory or by some descriptor; never reset.
	 */
	bool exact;
	bool fds_known;	  /* what is inherited has been looked at for that */
	bool mixed;	  /* as LINKS_MIXED; see view_mix */
	bool links_exact; /* each path is looked at for links */
	bool confined;	  /* the kernel keeps us out of what is guarded */
};

extern struct view pt_view PRIVTMP_HIDDEN;

/* What pt_view.links says now; another thread may be about to map another page. */
static inline unsigned char view_links(void)
{
	return *__atomic_load_n(&pt_view.links, __ATOMIC_ACQUIRE);
}

/* The same for the quick look, which need not ask again for a call's second path. */
static inline unsigned char view_links_quick(void)
{
#ifdef __SANITIZE_THREAD__
	return view_links();
#else
	return *(const unsigned char *)pt_view.links;
#endif
}

/* What members tell each other (session/hints.h); see struct view. */
enum {
	LINKS_INSIDE = 1,      /* in a backing, and leads across its border */
	LINKS_OUTSIDE = 2,     /* outside, and leads into a guarded directory */
	LINKS_UP = 4,	       /* in a backing, has "..", stays within so far */
	LINKS_MIXED = 8,       /* no link: another user has been let in */
	LINKS_UNWATCHED = 16,  /* no link: there is no helper */
	LINKS_UNREAD = 32,     /* no link: this process has not mapped them yet */
	LINKS_UP_OUTSIDE = 64, /* outside, has "..", and leads to none so far */
	LINKS_ACROSS = LINKS_INSIDE | LINKS_OUTSIDE,
	/* What a glance stops at. */
	LINKS_ANY = LINKS_ACROSS | LINKS_MIXED | LINKS_UNWATCHED | LINKS_UNREAD,
};

enum view_kind {
	VIEW_PASS,    /* leads where the kernel says, or to an error of its own */
	VIEW_GUARDED, /* plainly below a guarded directory */
	VIEW_WALK,    /* only a walk can tell */
};

/*
 * Makes POLICY the one that pt_view follows; LINKS as in struct view, NULL where
 * there are none yet.
 */
void view_use(const struct policy *policy, const volatile unsigned char *links);

/*
 * What PATH needs, seen from a working directory or descriptor that this does
 * not look at. *GUARD is the guard's index for VIEW_GUARDED; *LEN the length.
 * CWD: whether a relative path starts at the working directory.
 */
enum view_kind view_kind(const char *path, bool cwd, unsigned *guard, size_t *len);

/* The same for a path of known length that is known to be readable. */
enum view_kind view_kind_of(const char *path, size_t len, bool cwd, unsigned *guard);

/*
 * While no policy is known: whether PATH may lead to what is guarded where nobody says
 * otherwise, as far as its words tell.
 */
bool view_may_be_guarded(const char *path);

/*
 * Which guarded directory the plain absolute PATH lies in, or -1. *INSIDE is
 * the offset at which the part below it begins (LEN when it is the directory
 * itself); may be NULL.
 */
int view_guard_of(const char *path, size_t len, size_t *inside);

/* Whether a guarded directory lies below the plain absolute PATH. */
bool view_above_guard(const char *path, size_t len);

/* Whether PATH begins with the directory DIR; *INSIDE as there. */
bool view_begins_with(const char *path, size_t len, const struct text *dir,
		      size_t *inside);

/* As view_guard_of, the other way: which guard's backing the real PATH is in. */
int view_backing_of(const char *real, size_t len);

/*
 * Whether PATH, which lies in a guarded directory, is not to be redirected: it is
 * a shared path, or the caller's own, or has been redirected before.
 */
bool view_is_shared(const char *path, size_t len, size_t inside);

/*
 * Notes that a relative path may start in a shared directory from now on: what is
 * checked there has to be checked for these, too.
 */
void view_exact(void);

#endif
