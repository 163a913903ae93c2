/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The slower parts of the glance; see scan.h. */
#define _GNU_SOURCE
#include "policy/scan.h"
#include "core/sys.h"
#include "core/valgrind.h"

#include <limits.h>
#include <string.h>

/* Steps overlap by one byte, so that no ".." is missed. */
NO_SANITIZE
size_t view_scan_slowly(const char *start)
{
#ifdef __SSE2__
	const char *p = start;

	if (view_into_page((uintptr_t)p) > VIEW_PAGE - VIEW_SPAN)
		return 0;
	for (; (uintptr_t)p % VIEW_PAGE <= VIEW_PAGE - 2 * VIEW_WORD;
	     p += VIEW_WORD - 1) {
		unsigned ends = view_bytes(view_word(p), 0);
		unsigned dots = view_bytes(view_word(p), '.');
		unsigned before = ends ? (ends & -ends) - 1 : ~0u;

		if (dots & dots << 1 & before)
			return 0;
		if (ends)
			return (size_t)(p - start) + (unsigned)__builtin_ctz(ends) + 1;
	}
	return 0;
#else
	return view_scan(start); /* which is exact */
#endif
}

bool view_page_probe(uintptr_t address)
{
	uintptr_t page = address >> VIEW_PAGE_SHIFT;

	if (view_page_known(address))
		return true;
	if (page == 0 || !sys_readable((const void *)address))
		return false;
#ifdef __SSE2__
		/*
		 * view_scan reads words that go beyond the string's end. Memcheck and
		 * the address sanitizer report that. As long as no page is known, such
		 * words are not read.
		 */
#ifdef __SANITIZE_ADDRESS__
	return true;
#endif
	if (valgrind_checks_memory())
		return true;
#endif
	__atomic_store_n(&pt_view.pages[page % VIEW_PAGES], page << VIEW_PAGE_SHIFT,
			 __ATOMIC_RELAXED);
	return true;
}

bool view_vector_probe(char *const *vector)
{
	for (; vector; vector++) {
		if (!view_bytes_probe(vector, sizeof *vector))
			return false;
		if (!*vector)
			break;
		if (!view_page_probe((uintptr_t)*vector))
			return false;
	}
	return true;
}

ptrdiff_t view_length(const char *path)
{
	const uintptr_t size = (uintptr_t)1 << VIEW_PAGE_SHIFT;
	size_t len = 0;

	while (len < PATH_MAX) {
		uintptr_t at = (uintptr_t)path + len;
		size_t room = size - at % size;

		if (!view_page_probe(at))
			return -1;
		/* Not strnlen(3): a sanitizer's run-time that calls us first has none. */
		const char *end = memchr((const char *)at, '\0', room);

		len += end ? (size_t)(end - (const char *)at) : room;
		if (end)
			return len < PATH_MAX ? (ptrdiff_t)len : -1;
	}
	return -1;
}
