/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The view: which path leads where.
 *
 * Pure path algebra over a policy. It looks at the outside for two things alone: the
 * kernel's answer to "is this page mapped?", because a pointer that faults must reach
 * libc untouched; and whose a directory is that stays shared for being its owner's. Walking links is walk.h's; session life is session.h's.
 */
#ifndef PRIVTMP_VIEW_H
#define PRIVTMP_VIEW_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "policy/policy.h"

#define PRIVTMP_HIDDEN __attribute__((visibility("hidden")))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/*
 * No word of the sanitizers': because it reads beyond the end of what is the
 * program's, within the page; or because their own run-time comes here before it is
 * ready, as it counts the objects that are loaded.
 */
#define NO_SANITIZE __attribute__((no_sanitize("address", "thread")))

/* How a call treats a link in the path's last component. */
enum follow {
	FOLLOW,		/* as stat(2) */
	NOFOLLOW,	/* as lstat(2): followed with a trailing slash only */
	PARENT,		/* as mkdir(2), unlink(2): the last one is never walked */
	CREATE,		/* as open(2) with O_CREAT: not with a trailing slash */
	CREATE_NOFOLLOW,	/* the same with O_NOFOLLOW; for route_plan alone */
};

/* The first byte of a path for which more than a glance is needed. */
enum { SUSPECT_ABSOLUTE = 1, SUSPECT_RELATIVE = 2, SUSPECT_SHARE = 4 };

enum { VIEW_PAGES = 256, VIEW_PAGE_SHIFT = 12,
       VIEW_PAGE = 1 << VIEW_PAGE_SHIFT };

/* Of a root and of a path the quick look takes so many bytes, and writes a word more. */
enum { QUICK_ROOT = 64, QUICK_PATH = 256, ROUTE_QUICK = QUICK_ROOT + QUICK_PATH + 16 };

/*
 * A guard as the quick look wants it: the first bytes of its path, and of the
 * slash behind it if that fits in, as one word; its root, with room behind it to
 * be read as whole words.
 */
struct quick_guard {
	uint64_t word, mask;
	uint32_t len;		/* of its path */
	uint32_t bit;		/* in session.made; 0 where the root is too long */
	uint32_t root_len;
	char root[QUICK_ROOT];
};

struct view {
	/* Where the pages begin from which a path was read before, by number. */
	uintptr_t pages[VIEW_PAGES];
	const struct policy *policy;	/* NULL: everything passes */
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
	bool fds_known;		/* what is inherited has been looked at for that */
	bool mixed;		/* as LINKS_MIXED; see view_mix */
	bool links_exact;	/* each path is looked at for links */
	bool confined;		/* the kernel keeps us out of what is guarded */
};

extern struct view pt_view PRIVTMP_HIDDEN;

/* What members tell each other (session/hints.h); see struct view. */
enum {
	LINKS_INSIDE = 1,	/* in a backing, and leads across its border */
	LINKS_OUTSIDE = 2,	/* outside, and leads into a guarded directory */
	LINKS_UP = 4,		/* in a backing, has "..", stays within so far */
	LINKS_MIXED = 8,	/* no link: another user has been let in */
	LINKS_UNWATCHED = 16,	/* no link: there is no helper */
	LINKS_UNREAD = 32,	/* no link: this process has not mapped them yet */
	LINKS_UP_OUTSIDE = 64,	/* outside, has "..", and leads to none so far */
	LINKS_ACROSS = LINKS_INSIDE | LINKS_OUTSIDE,
	/* What a glance stops at. */
	LINKS_ANY = LINKS_ACROSS | LINKS_MIXED | LINKS_UNWATCHED | LINKS_UNREAD,
};

enum view_kind {
	VIEW_PASS,	/* leads where the kernel says, or to an error of its own */
	VIEW_GUARDED,	/* plainly below a guarded directory */
	VIEW_WALK,	/* only a walk can tell */
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

bool view_page_probe(uintptr_t page);

/*
 * Notes that a relative path may start in a shared directory from now on: what is
 * checked there has to be checked for these, too.
 */
void view_exact(void);

/*
 * Looks for that once: whether a descriptor that was inherited is one of a
 * directory of that kind; whether the working directory is.
 */
void view_know_fds(void);
void view_know_cwd(void);

/* The index in memory of the first byte of WORD that is not 0. */
static inline unsigned view_first_byte(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (unsigned)__builtin_ctzll(word) / 8;
#else
	return (unsigned)__builtin_clzll(word) / 8;
#endif
}

/* How far ADDRESS is into its page where that is known, else VIEW_PAGE or more. */
static inline uintptr_t view_into_page(uintptr_t address)
{
	uintptr_t slot = (address >> VIEW_PAGE_SHIFT) % VIEW_PAGES;

	return address - __atomic_load_n(&pt_view.pages[slot], __ATOMIC_RELAXED);
}

static inline bool view_page_known(uintptr_t address)
{
	return likely(view_into_page(address) < VIEW_PAGE);
}

/*
 * How many bytes at P hold the string and its end, where it certainly has no
 * ".." and lies in one page known to be mapped, away from its end; else 0. The
 * string may end earlier; as many bytes, and VIEW_SPAN at least, can be read.
 */
#ifdef __SSE2__
enum { VIEW_WORD = sizeof(__m128i), VIEW_SPAN = 3 * VIEW_WORD };

/* The bytes of WORD that are BYTE, as bits. */
__attribute__((always_inline))
static inline unsigned view_bytes(__m128i word, char byte)
{
	return (unsigned)_mm_movemask_epi8(
		_mm_cmpeq_epi8(word, _mm_set1_epi8(byte)));
}

__attribute__((always_inline)) NO_SANITIZE
static inline __m128i view_word(const char *p)
{
	return _mm_loadu_si128((const __m128i *)p);
}

/*
 * The first 16 bytes: which of them may be a dot or the end. Those are the ones
 * without any other bit than a dot has; of what else is in names, " ", "$", "*"
 * and a few more. So that is one look, and short paths end here.
 */
__attribute__((always_inline)) NO_SANITIZE
static inline unsigned view_special(const char *p)
{
	return view_bytes(_mm_and_si128(view_word(p), _mm_set1_epi8((char)~'.')),
			  0);
}

/* The 32 bytes at P: -1 for a ".." among them, behind the end or not; else
 * whether the end is. */
__attribute__((always_inline)) NO_SANITIZE
static inline int view_ends(const char *p)
{
	__m128i low = view_word(p), high = view_word(p + VIEW_WORD);
	unsigned ends = view_bytes(_mm_min_epu8(low, high), 0);
	unsigned dots = view_bytes(low, '.') | view_bytes(high, '.') << 16;

	return unlikely(dots & dots << 1) ? -1 : ends != 0;
}

__attribute__((always_inline)) NO_SANITIZE
static inline size_t view_scan(const char *p)
{
	unsigned special;
	int ends;

	if (unlikely(view_into_page((uintptr_t)p) > VIEW_PAGE - 5 * VIEW_WORD))
		return 0;
	for (special = view_special(p); special; special &= special - 1) {
		const char *at = p + __builtin_ctzll(special);

		if (!*at)
			return VIEW_WORD;
		if (unlikely(at[0] == '.' && at[1] == '.'))
			return 0;
	}
	ends = view_ends(p + VIEW_WORD);
	if (likely(ends > 0))
		return VIEW_SPAN;
	if (unlikely(ends < 0))
		return 0;
	/* One byte of overlap, so that no pair is missed. */
	return view_ends(p + VIEW_SPAN - 1) > 0 ? VIEW_SPAN + 2 * VIEW_WORD : 0;
}
#else
enum { VIEW_SPAN = 1 };

static inline size_t view_scan(const char *start)
{
	const char *p = start;

	if (!view_page_known((uintptr_t)p))
		return 0;
	while ((uintptr_t)p % VIEW_PAGE <= VIEW_PAGE - 32) {
		if (!*p)
			return (size_t)(p - start) + 1;
		if (unlikely(p[0] == '.' && p[1] == '.'))
			return 0;
		p++;
	}
	return 0;
}
#endif

/*
 * The same, of any length, and in fewer cases 0: it is not misled by what lies
 * behind the end. 0 where VIEW_SPAN bytes cannot be read.
 */
size_t view_scan_slowly(const char *p) PRIVTMP_HIDDEN;

/* Whether a path that view_scan has passed does not begin suspiciously. */
__attribute__((always_inline))
static inline bool view_clear(const char *path)
{
	/* Read once, so it need not be volatile: that costs an instruction. */
	if (unlikely(*(const unsigned char *)pt_view.links & LINKS_ANY))
		return false;
	if (path[0] == '/')
		return !(pt_view.suspect[(unsigned char)path[1]] &
			 SUSPECT_ABSOLUTE);
	return !(pt_view.suspect[(unsigned char)path[0]] & SUSPECT_RELATIVE);
}

/* The same for one that may start at the descriptor FD. */
__attribute__((always_inline))
static inline bool view_clear_at(int fd, const char *path)
{
	if (unlikely(!pt_view.fds_known) && fd != AT_FDCWD && path[0] != '/')
		return false;
	return view_clear(path);
}

/*
 * The glance: true when PATH certainly needs nothing. No system call, no
 * lock, no allocation; mostly not even a call.
 */
__attribute__((always_inline))
static inline bool view_passes(const char *path)
{
	return (likely(view_scan(path)) || view_scan_slowly(path)) &&
	       view_clear(path);
}

__attribute__((always_inline))
static inline bool view_passes_at(int fd, const char *path)
{
	return (likely(view_scan(path)) || view_scan_slowly(path)) &&
	       view_clear_at(fd, path);
}

#endif
