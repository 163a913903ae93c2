/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The view: which path leads where.
 *
 * Pure path algebra over a policy. The one look at the outside is the kernel's
 * answer to "is this page mapped?", because a pointer that faults must reach
 * libc untouched. Walking links is walk.h's; session life is session.h's.
 */
#ifndef PRIVTMP_VIEW_H
#define PRIVTMP_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "policy.h"

#define PRIVTMP_HIDDEN __attribute__((visibility("hidden")))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* How a call treats a link in the path's last component. */
enum follow {
	FOLLOW,		/* as stat(2) */
	NOFOLLOW,	/* as lstat(2): followed with a trailing slash only */
	PARENT,		/* as mkdir(2), unlink(2): the last one is never walked */
	CREATE,		/* as open(2) with O_CREAT: not with a trailing slash */
};

/* The first byte of a path for which more than a glance is needed. */
enum { SUSPECT_ABSOLUTE = 1, SUSPECT_RELATIVE = 2, SUSPECT_SHARE = 4 };

enum { VIEW_PAGES = 256, VIEW_PAGE_SHIFT = 12 };

/* A guard as the quick look wants it: its first bytes as one word. */
struct quick_guard {
	uint64_t word, mask;
	const char *root;
	uint32_t len, root_len;
};

struct view {
	const struct policy *policy;	/* NULL: everything passes */
	/* By byte: see SUSPECT_*. */
	unsigned char suspect[256];
	/*
	 * LINKS_*: whether some link can lead where the kernel alone would go
	 * astray. Lives in the lease, because any member may make such a link.
	 */
	const volatile unsigned char *links;
	unsigned quicks;
	struct quick_guard quick[POLICY_GUARDS];
	/* Whether the working directory may lie in a backing; never reset. */
	unsigned char cwd_inside;
	/* Pages from which a path was read before, by their low bits. */
	uintptr_t pages[VIEW_PAGES];
};

extern struct view pt_view PRIVTMP_HIDDEN;

/* In the lease the byte is '0' plus these: a digit, and no bits is NUL too. */
enum {
	LINKS_INSIDE = 1,	/* in a backing, and leads across its border */
	LINKS_OUTSIDE = 2,	/* outside, and leads into a guarded directory */
	LINKS_ANY = 3,
	LINKS_UP = 4,		/* in a backing, has "..", stays within so far */
};

enum view_kind {
	VIEW_PASS,	/* leads where the kernel says, or to an error of its own */
	VIEW_GUARDED,	/* plainly below a guarded directory */
	VIEW_WALK,	/* only a walk can tell */
};

/* Makes POLICY the one that pt_view follows; LINKS as in struct view. */
void view_use(const struct policy *policy, const volatile unsigned char *links);

/*
 * What PATH needs, seen from a working directory or descriptor that this does
 * not look at. *GUARD is the guard's index for VIEW_GUARDED; *LEN the length.
 * CWD: whether a relative path starts at the working directory.
 */
enum view_kind view_kind(const char *path, bool cwd, unsigned *guard,
			 size_t *len);

/* The same for a path of known length that is known to be readable. */
enum view_kind view_kind_of(const char *path, size_t len, bool cwd,
			    unsigned *guard);

/*
 * The length of the string at PATH, or -1 when it faults before its end or
 * is PATH_MAX or longer: libc and the kernel then answer without our help.
 */
ptrdiff_t view_length(const char *path);

/*
 * Which guarded directory the plain absolute PATH lies in, or -1. *INSIDE is
 * the offset at which the part below it begins (LEN when it is the directory
 * itself); may be NULL.
 */
int view_guard_of(const char *path, size_t len, size_t *inside);

/* As view_guard_of, the other way: which guard's backing the real PATH is in. */
int view_backing_of(const char *real, size_t len);

/* Whether PATH, which lies in a guarded directory, is a shared path. */
bool view_is_shared(const char *path, size_t len, size_t inside);

bool view_page_probe(uintptr_t page);

/* The index in memory of the first byte of WORD that is not 0. */
static inline unsigned view_first_byte(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (unsigned)__builtin_ctzll(word) / 8;
#else
	return (unsigned)__builtin_clzll(word) / 8;
#endif
}

static inline bool view_page_known(uintptr_t address)
{
	uintptr_t page = address >> VIEW_PAGE_SHIFT;

	return likely(__atomic_load_n(&pt_view.pages[page % VIEW_PAGES],
				      __ATOMIC_RELAXED) == page);
}

/*
 * The end of the string at P where it certainly has no ".." and lies in one
 * page known to be mapped, away from its end; else NULL. What is read goes at
 * most 15 bytes past the end, within the page.
 */
#ifdef __SSE2__
__attribute__((always_inline, no_sanitize("address", "thread")))
static inline const char *view_scan(const char *p)
{
	const __m128i dot = _mm_set1_epi8('.'), nul = _mm_setzero_si128();
	const uintptr_t page = (uintptr_t)1 << VIEW_PAGE_SHIFT;

	if (unlikely(!view_page_known((uintptr_t)p)))
		return NULL;
	while (likely((uintptr_t)p % page <= page - 32)) {
		__m128i word = _mm_loadu_si128((const __m128i *)p);
		__m128i is_nul = _mm_cmpeq_epi8(word, nul);
		__m128i is_dot = _mm_cmpeq_epi8(word, dot);

		if (_mm_movemask_epi8(_mm_or_si128(is_nul, is_dot))) {
			unsigned dots = (unsigned)_mm_movemask_epi8(is_dot);
			unsigned ends = (unsigned)_mm_movemask_epi8(is_nul);

			/* Two dots, if only in what lies behind the end. */
			if (unlikely(dots & dots << 1) &&
			    (!ends || dots & dots << 1 & ((ends & -ends) - 1)))
				return NULL;
			if (ends)
				return p + __builtin_ctz(ends);
		}
		p += 15;	/* overlaps, so that no pair is missed */
	}
	return NULL;
}
#else
static inline const char *view_scan(const char *p)
{
	const uintptr_t page = (uintptr_t)1 << VIEW_PAGE_SHIFT;

	if (!view_page_known((uintptr_t)p))
		return NULL;
	while ((uintptr_t)p % page <= page - 32) {
		if (!*p)
			return p;
		if (unlikely(p[0] == '.' && p[1] == '.'))
			return NULL;
		p++;
	}
	return NULL;
}
#endif

/* Whether a path that view_scan has passed does not begin suspiciously. */
__attribute__((always_inline))
static inline bool view_clear(const char *path)
{
	if (unlikely(*pt_view.links & LINKS_ANY))
		return false;
	if (path[0] == '/')
		return !(pt_view.suspect[(unsigned char)path[1]] &
			 SUSPECT_ABSOLUTE);
	return !(pt_view.suspect[(unsigned char)path[0]] & SUSPECT_RELATIVE);
}

/*
 * The glance: true when PATH certainly needs nothing. No system call, no
 * lock, no allocation, not even a call: this is what every wrapped call pays.
 */
__attribute__((always_inline))
static inline bool view_passes(const char *path)
{
	return likely(view_scan(path) != NULL) && view_clear(path);
}

#endif
