/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Threads that use paths while another one makes the session that was planned (policy/view.c):
 * none of the guarded ones passes meanwhile. See direct.h.
 */
#include "policy/scan.h"
#include "policy/view.h"

#include "direct_view.h"
#include <pthread.h>

enum { THREADS = 3, LOOKS = 1000000, ROUNDS = 2000000 };

static volatile bool over;
static unsigned long looks, passed, kinds, quick;

/* They are read by whole words. */
static char room_of_path[4][VIEW_PAGE];

/* What another thread sees of a few paths, without an end. */
static void *look(void *unused)
{
	unsigned long n = 0;

	while (!over) {
		const char *path = room_of_path[n++ % 3];
		unsigned guard;
		size_t len;

		__atomic_fetch_add(&looks, 1, __ATOMIC_RELAXED);
		if (view_passes(path) || (n % 2 && view_passes(room_of_path[3])))
			__atomic_fetch_add(&passed, 1, __ATOMIC_RELAXED);
		if (view_kind(path, true, &guard, &len) == VIEW_PASS)
			__atomic_fetch_add(&kinds, 1, __ATOMIC_RELAXED);
		/* As route_quick reads them. */
		for (unsigned i = 0; i < 2; i++)
			if (pt_view.quicks != 2 || !pt_view.quick[i].mask ||
			    !pt_view.quick[i].root_len)
				__atomic_fetch_add(&quick, 1, __ATOMIC_RELAXED);
	}
	return unused;
}

static void made_meanwhile(void)
{
	static const char *const paths[] = { "/tmp/x", "/var/tmp/x", "/tmp", "tmp/x" };
	pthread_t thread[THREADS];

	begin_view();
	for (int i = 0; i < 4; i++)
		strcpy(room_of_path[i], paths[i]);
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&thread[i], NULL, look, NULL) == 0);
	for (int i = 0; i < ROUNDS && __atomic_load_n(&looks, __ATOMIC_RELAXED) < LOOKS;
	     i++) {
		pt_session.state = i % 2 ? SESSION_LIVE : SESSION_PLANNED;
		view_use(&policy, i % 3 ? view_flags : NULL);
	}
	over = true;
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_join(thread[i], NULL) == 0);
	TRUE(looks >= LOOKS / 100);
	IS(passed, 0);
	IS(kinds, 0);
	IS(quick, 0);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "made_meanwhile", made_meanwhile },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
