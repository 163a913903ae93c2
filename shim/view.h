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
};

/* The first byte of a path for which more than a glance is needed. */
enum { SUSPECT_ABSOLUTE = 1, SUSPECT_RELATIVE = 2, SUSPECT_SHARE = 4 };

enum { VIEW_PAGES = 64, VIEW_PAGE_SHIFT = 12 };

struct view {
	const struct policy *policy;	/* NULL: everything passes */
	/* By byte: see SUSPECT_*. */
	unsigned char suspect[256];
	/*
	 * LINKS_*: whether some link can lead where the kernel alone would go
	 * astray. Lives in the lease, because any member may make such a link.
	 */
	const volatile unsigned char *links;
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

static inline bool view_page_known(uintptr_t address)
{
	uintptr_t page = address >> VIEW_PAGE_SHIFT;

	return likely(__atomic_load_n(&pt_view.pages[page % VIEW_PAGES],
				      __ATOMIC_RELAXED) == page);
}

/*
 * Whether the string at P certainly has no "..", read from pages known to be
 * mapped. Reads whole aligned words, never across into an unknown page.
 */
#ifdef __SSE2__
__attribute__((no_sanitize("address", "thread")))
static inline bool view_no_dotdot(const char *p)
{
	uintptr_t at = (uintptr_t)p & ~(uintptr_t)15;
	unsigned valid = 0xffffu << ((uintptr_t)p & 15), carry = 0;
	const __m128i dot = _mm_set1_epi8('.'), nul = _mm_setzero_si128();

	if (!view_page_known(at))
		return false;
	for (;;) {
		__m128i word = *(const __m128i *)at;
		unsigned ends = (unsigned)_mm_movemask_epi8(
			_mm_cmpeq_epi8(word, nul)) & valid;
		unsigned dots = (unsigned)_mm_movemask_epi8(
			_mm_cmpeq_epi8(word, dot)) & valid;

		if (ends)
			dots &= (ends & -ends) - 1;
		if (unlikely(dots & ((dots << 1) | carry)))
			return false;
		if (ends)
			return true;
		carry = (dots >> 15) & 1;
		valid = 0xffff;
		at += 16;
		if (unlikely(!(at % (1u << VIEW_PAGE_SHIFT))) &&
		    !view_page_known(at))
			return false;
	}
}
#else
static inline bool view_no_dotdot(const char *p)
{
	if (!view_page_known((uintptr_t)p))
		return false;
	for (char before = 0; *p; before = *p++) {
		if (unlikely(p[0] == '.' && before == '.'))
			return false;
		if (unlikely(!((uintptr_t)(p + 1) % (1u << VIEW_PAGE_SHIFT))) &&
		    !view_page_known((uintptr_t)(p + 1)))
			return false;
	}
	return true;
}
#endif

/*
 * The glance: true when PATH certainly needs nothing. No system call, no
 * lock, no allocation; this is what every wrapped call pays.
 */
static inline bool view_passes(const char *path)
{
	if (unlikely(*pt_view.links & LINKS_ANY))
		return false;
	if (!view_page_known((uintptr_t)path))
		return false;
	if (path[0] == '/') {
		/* Only if the first byte is mapped is the second one looked at. */
		if (unlikely(!(((uintptr_t)path + 1) %
			       (1u << VIEW_PAGE_SHIFT))))
			return false;
		if (pt_view.suspect[(unsigned char)path[1]] & SUSPECT_ABSOLUTE)
			return false;
	} else if (pt_view.suspect[(unsigned char)path[0]] & SUSPECT_RELATIVE) {
		return false;
	}
	return view_no_dotdot(path);
}

#endif
