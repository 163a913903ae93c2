/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The glance: looks at the bytes of a path, many at once, to tell whether it certainly
 * needs nothing. Inline, because every wrapped call pays for it.
 *
 * A pointer that faults has to reach libc untouched. So no byte is read before the
 * kernel has said that its page is mapped. Known pages are remembered in pt_view.pages.
 */
#ifndef PRIVTMP_SCAN_H
#define PRIVTMP_SCAN_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "core/compiler.h"
#include "policy/view.h"

/*
 * The length of the string at PATH; -1 where it faults before its end, or is PATH_MAX
 * or longer: libc and the kernel then answer as without the shim.
 */
ptrdiff_t view_length(const char *path);

/* Whether the page of ADDRESS can be read. Remembers a page that can. */
bool view_page_probe(uintptr_t address);

/* Whether the first and the last of SIZE bytes at AT can be read. */
static inline bool view_bytes_probe(const void *at, size_t size)
{
	return view_page_probe((uintptr_t)at) &&
	       view_page_probe((uintptr_t)at + size - 1);
}

/*
 * Whether VECTOR can be read up to its NULL, and the first byte of each string of it. NULL
 * is an empty one, as for the kernel.
 */
bool view_vector_probe(char *const *vector);

/* The index in memory of the first byte of WORD that is not 0. */
static inline unsigned view_first_byte(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (unsigned)__builtin_ctzll(word) / 8;
#else
	return (unsigned)__builtin_clzll(word) / 8;
#endif
}

/* The offset of ADDRESS in its page where that page is known; else VIEW_PAGE or more. */
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
 * How many bytes at P hold the string and its end, where it certainly has no ".." and
 * lies in one known page, not at its end; else 0. The string may end earlier. At least
 * VIEW_SPAN bytes can be read.
 */
#ifdef __SSE2__
enum { VIEW_WORD = sizeof(__m128i), VIEW_SPAN = 3 * VIEW_WORD };

/* A mask of the bytes of WORD that are BYTE. */
__attribute__((always_inline)) static inline unsigned view_bytes(__m128i word, char byte)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(word, _mm_set1_epi8(byte)));
}

__attribute__((always_inline)) NO_SANITIZE static inline __m128i view_word(const char *p)
{
	return _mm_loadu_si128((const __m128i *)p);
}

/*
 * A mask of the first 16 bytes that may be a dot or the end: those with no bit that a
 * dot lacks, which are also " ", "$", "*" and a few more. One test instead of two; most
 * short paths end here.
 */
__attribute__((always_inline)) NO_SANITIZE static inline unsigned
view_special(const char *p)
{
	return view_bytes(_mm_and_si128(view_word(p), _mm_set1_epi8((char)~'.')), 0);
}

/*
 * The 32 bytes at P: -1 where they contain "..", behind the end or before; else whether
 * they contain the end.
 */
__attribute__((always_inline)) NO_SANITIZE static inline int view_ends(const char *p)
{
	__m128i low = view_word(p), high = view_word(p + VIEW_WORD);
	unsigned ends = view_bytes(_mm_min_epu8(low, high), 0);
	unsigned dots = view_bytes(low, '.') | view_bytes(high, '.') << 16;

	return unlikely(dots & dots << 1) ? -1 : ends != 0;
}

__attribute__((always_inline)) NO_SANITIZE static inline size_t view_scan(const char *p)
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
	/* One byte of overlap, so that no ".." is missed. */
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
 * The same for any length, and exact: what lies behind the end does not matter. 0 where
 * VIEW_SPAN bytes cannot be read.
 */
size_t view_scan_slowly(const char *p) PRIVTMP_HIDDEN;

/* Whether a path that view_scan has passed needs nothing, by its first byte. */
__attribute__((always_inline)) static inline bool view_clear(const char *path)
{
	/* Read once, so not volatile, which would cost an instruction. */
	if (unlikely(view_links_quick() & LINKS_ANY))
		return false;
	if (path[0] == '/')
		return !view_suspects(path[1], SUSPECT_ABSOLUTE);
	return !view_suspects(path[0], SUSPECT_RELATIVE);
}

/* The same for a path that may start at the descriptor FD. */
__attribute__((always_inline)) static inline bool view_clear_at(int fd, const char *path)
{
	if (unlikely(!__atomic_load_n(&pt_view.fds_known, __ATOMIC_RELAXED)) &&
	    fd != AT_FDCWD && path[0] != '/')
		return false;
	return view_clear(path);
}

/* Whether no link can mean something else where it is moved to. */
__attribute__((always_inline)) static inline bool view_moves_plainly(void)
{
	return likely(!(view_links_quick() & (LINKS_UP | LINKS_UP_OUTSIDE)));
}

/*
 * The glance: true where PATH certainly needs nothing. No system call, no lock, no
 * allocation.
 */
__attribute__((always_inline)) static inline bool view_passes(const char *path)
{
	return (likely(view_scan(path)) || view_scan_slowly(path)) && view_clear(path);
}

__attribute__((always_inline)) static inline bool view_passes_at(int fd, const char *path)
{
	return (likely(view_scan(path)) || view_scan_slowly(path)) &&
	       view_clear_at(fd, path);
}

#endif
