/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The view: which path leads where, by the policy and the path's words alone. The one
 * look at the file system: whether an own directory still belongs to its owner.
 *
 * The glance, which ends most calls, is in scan.h; what a process has inherited in
 * inherited.h; the walk along links in walk.h; sessions in session.h.
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
	PARENT,		 /* as mkdir(2), unlink(2): the last component is not walked */
	CREATE,		 /* as open(2) with O_CREAT: not followed with a trailing slash */
	CREATE_NOFOLLOW, /* the same with O_NOFOLLOW; for route_plan alone */
};

/* What pt_view.suspect says of a first byte: the path needs more than the glance. */
enum { SUSPECT_ABSOLUTE = 1, SUSPECT_RELATIVE = 2, SUSPECT_SHARE = 4 };

enum { VIEW_PAGES = 256, VIEW_PAGE_SHIFT = 12, VIEW_PAGE = 1 << VIEW_PAGE_SHIFT };

/* Bytes of a prefix and of a path that the quick look takes. It writes up to a word more. */
enum {
	QUICK_PREFIX = 64,
	QUICK_PATH = 256,
	ROUTE_QUICK = QUICK_PREFIX + QUICK_PATH + 16
};

/*
 * A guard for the quick look: the first bytes of its path, with the slash behind it if
 * that fits, as one word; and its prefix, padded to be read by words.
 */
struct quick_guard {
	uint64_t word, mask;
	uint32_t len; /* of its path */
	uint32_t bit; /* in session.made; 0: the prefix is too long */
	uint32_t prefix_len;
	char prefix[QUICK_PREFIX];
};

struct view {
	/* Addresses of pages known to be mapped, hashed by page number. */
	uintptr_t pages[VIEW_PAGES];
	const struct policy *policy; /* NULL: everything passes */
	/* By byte: see SUSPECT_*. */
	unsigned char suspect[256];
	/*
	 * LINKS_*: whether a link may lead elsewhere than the kernel alone would go.
	 * Lies in the mapped hints, because any member can make such a link.
	 */
	const volatile unsigned char *links;
	unsigned quicks;
	struct quick_guard quick[POLICY_GUARDS + POLICY_ALIASES];
	/* The working directory may lie in a backing; never reset. */
	unsigned char cwd_inside;
	/*
	 * A relative path may start in a shared directory, by the working directory or
	 * a descriptor; never reset.
	 */
	bool exact;
	/*
	 * The session before chroot(2) had links, so LINKS_OUTSIDE is true of the next
	 * one, whose hints are not there yet.
	 */
	bool links_before;
	bool fds_known;	  /* inherited descriptors were checked for that */
	bool mixed;	  /* as LINKS_MIXED; see view_mix */
	bool links_exact; /* each path is checked for links */
	bool confined;	  /* the session is confined */
};

extern struct view pt_view PRIVTMP_HIDDEN;

/* The flags at pt_view.links. Another thread may be replacing the mapping. */
static inline unsigned char view_links(void)
{
	return *__atomic_load_n(&pt_view.links, __ATOMIC_ACQUIRE);
}

/* Whether a path whose first byte is FIRST is SUSPECT_*. Another thread may add to that. */
static inline bool view_suspects(char first, unsigned what)
{
	const unsigned char *suspect = &pt_view.suspect[(unsigned char)first];

#ifdef __SANITIZE_THREAD__
	return __atomic_load_n(suspect, __ATOMIC_RELAXED) & what;
#else
	return *suspect & what; /* an instruction less */
#endif
}

/* Other threads set these two. */
static inline bool view_is_exact(void)
{
	return __atomic_load_n(&pt_view.exact, __ATOMIC_RELAXED);
}

static inline bool view_is_mixed(void)
{
	return __atomic_load_n(&pt_view.mixed, __ATOMIC_RELAXED);
}

/* As view_links, not volatile: the second path of a call needs no second read. */
static inline unsigned char view_links_quick(void)
{
#ifdef __SANITIZE_THREAD__
	return view_links();
#else
	return *(const unsigned char *)pt_view.links;
#endif
}

/* The flags that members share (session/hints.h); see struct view. */
enum {
	LINKS_INSIDE = 1,      /* a link in a backing leads out of it */
	LINKS_OUTSIDE = 2,     /* a link outside leads into a guarded directory */
	LINKS_UP = 4,	       /* a link in a backing has ".."; none leads out so far */
	LINKS_MIXED = 8,       /* no link: another user was admitted */
	LINKS_UNWATCHED = 16,  /* no link: there is no helper */
	LINKS_UNREAD = 32,     /* no link: this process has not mapped the flags yet */
	LINKS_UP_OUTSIDE = 64, /* a link outside leads in where it is moved */
	LINKS_DOOR = 128,      /* no link: the mount door was used (session/behind.h) */
	LINKS_ACROSS = LINKS_INSIDE | LINKS_OUTSIDE,
	/* A path does not pass the glance with one of these. */
	LINKS_ANY = LINKS_ACROSS | LINKS_MIXED | LINKS_UNWATCHED | LINKS_UNREAD,
};

enum view_kind {
	VIEW_PASS,    /* needs nothing; the kernel may still refuse it */
	VIEW_GUARDED, /* plainly below a guarded directory */
	VIEW_WALK,    /* only a walk can tell */
};

/* Makes pt_view follow POLICY. LINKS as in struct view; NULL where there are none yet. */
void view_use(const struct policy *policy, const volatile unsigned char *links);

/*
 * What PATH needs. CWD: whether a relative path starts at the working directory, else
 * at some descriptor; neither is looked at. *GUARD is the guard's index for
 * VIEW_GUARDED, *LEN the length.
 */
enum view_kind view_kind(const char *path, bool cwd, unsigned *guard, size_t *len);

/* The same for a path that is known to be readable, and LEN bytes long. */
enum view_kind view_kind_of(const char *path, size_t len, bool cwd, unsigned *guard);

/*
 * While no policy is known: whether PATH may lead into a directory that is guarded by
 * default, by its words alone.
 */
bool view_may_be_guarded(const char *path);

/*
 * The index of the guarded directory in which the plain absolute PATH lies, or -1.
 * *INSIDE is the offset of the part below it, LEN where PATH is the directory itself;
 * INSIDE may be NULL.
 */
int view_guard_of(const char *path, size_t len, size_t *inside);

/* Whether a guarded directory lies below the absolute PATH, which has no "..". */
bool view_above_guard(const char *path, size_t len);

/* Whether PATH lies in the directory DIR; *INSIDE as above. */
bool view_begins_with(const char *path, size_t len, const struct text *dir,
		      size_t *inside);

/* The index of the guard in whose backing the real PATH lies, or -1. */
int view_backing_of(const char *real, size_t len);

/*
 * Whether PATH, which lies in a guarded directory, is not redirected: it is a shared
 * path, lies in an own directory, or is in a backing already.
 */
bool view_is_shared(const char *path, size_t len, size_t inside);

/*
 * A relative path may start in a shared directory from now on: it is checked like an
 * absolute one.
 */
void view_exact(void);

#endif
