/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Places for what is known of lists of file actions. They grow by pages of their own, which
 * stay: programs keep thousands of lists. Nothing waits, so that a forked child, or a signal
 * handler, can go on.
 */
#ifndef PRIVTMP_SPAWN_PLACES_H
#define PRIVTMP_SPAWN_PLACES_H

#include "core/sys.h"

#include <stdbool.h>
#include <stddef.h>

/* Of a program that destroys none, no more are searched: PLACES at each of BLOCKS. */
enum { PLACES = 128, BLOCKS = 128 };

/* Only who has a list uses its place. The places themselves follow, of one size. */
struct places {
	struct places *next;
	bool any; /* of the first: some list has ever had a place */
	const void *list[PLACES];
} __attribute__((aligned(16)));

static inline void *places_at(const struct places *block, size_t size, size_t i)
{
	return (char *)(block + 1) + i * size;
}

/* Puts the list BY in one of the places at BLOCK that has WHAT. The place, or NULL. */
static inline void *places_put(struct places *block, size_t size, const void *what,
			       const void *by)
{
	for (size_t i = 0; i < PLACES; i++) {
		const void *found = what;

		if (__atomic_load_n(&block->list[i], __ATOMIC_RELAXED) == what &&
		    __atomic_compare_exchange_n(&block->list[i], &found, by, false,
						__ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return places_at(block, size, i);
	}
	return NULL;
}

static inline struct places *places_next(const struct places *block)
{
	return __atomic_load_n(&block->next, __ATOMIC_ACQUIRE);
}

/* The same, in any of the blocks from FIRST on. */
static inline void *places_exchange(struct places *first, size_t size, const void *what,
				    const void *by)
{
	void *place = NULL;

	if (likely(!__atomic_load_n(&first->any, __ATOMIC_RELAXED)))
		return NULL;
	for (; first && !place; first = places_next(first))
		place = places_put(first, size, what, by);
	return place;
}

/* The block behind the last one, BLOCK; NULL: there is no memory. */
static inline struct places *places_grow(struct places *block, size_t size)
{
	const size_t whole = sizeof *block + PLACES * size;
	struct places *next = NULL, *fresh;
	int error;

	fresh = sys_pages(whole, &error);
	if (!fresh)
		return NULL;
	if (__atomic_compare_exchange_n(&block->next, &next, fresh, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return fresh;
	sys_unmap(fresh, whole);
	return next;
}

/* A free place for the list BY, or NULL. */
static inline void *places_take(struct places *first, size_t size, const void *by)
{
	struct places *block = first, *next;
	void *place;

	__atomic_store_n(&first->any, true, __ATOMIC_RELAXED);
	for (unsigned n = 1; !(place = places_put(block, size, NULL, by)); n++) {
		next = places_next(block);
		if (!next && n < BLOCKS)
			next = places_grow(block, size);
		if (!next)
			return NULL;
		block = next;
	}
	return place;
}

#endif
