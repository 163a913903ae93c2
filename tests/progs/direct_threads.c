/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Threads that use paths while another one makes the session that was planned (policy/view.c,
 * session/lease.c): none of the guarded ones passes meanwhile. See direct.h.
 */
#include "policy/scan.h"
#include "policy/view.h"
#include "session/lease.h"

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
			    !pt_view.quick[i].prefix_len)
				__atomic_fetch_add(&quick, 1, __ATOMIC_RELAXED);
	}
	return unused;
}

/* Has other threads look, while CHANGE is called with 0, 1, 2 and so on. */
static void meanwhile(void (*change)(int i))
{
	static const char *const paths[] = { "/tmp/x", "/var/tmp/x", "/tmp", "tmp/x" };
	pthread_t thread[THREADS];

	for (int i = 0; i < 4; i++)
		strcpy(room_of_path[i], paths[i]);
	over = false;
	looks = passed = kinds = quick = 0;
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&thread[i], NULL, look, NULL) == 0);
	for (int i = 0; i < ROUNDS && __atomic_load_n(&looks, __ATOMIC_RELAXED) < LOOKS;
	     i++)
		change(i);
	over = true;
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_join(thread[i], NULL) == 0);
	TRUE(looks >= LOOKS / 100);
	IS(passed, 0);
	IS(kinds, 0);
	IS(quick, 0);
}

static void use_again(int i)
{
	pt_session.state = i % 2 ? SESSION_LIVE : SESSION_PLANNED;
	view_use(&policy, i % 3 ? view_flags : NULL);
}

static void made(void)
{
	begin_view();
	meanwhile(use_again);
}

static struct lease lease;

/* As where the file system of the root has no such locks. */
static void name_again(int i)
{
	IS(lease_name_session(&lease, ROOT, i % 2 ? LEASE_HOLD_DESCRIPTOR : 0), 0);
}

static void named(void)
{
	begin_view();
	lease.len = (size_t)snprintf(lease.text, sizeof lease.text,
				     LEASE_HEAD "guard " PREFIX "\t/tmp\nguard " PREFIX2
						"\t/var/tmp\n");
	name_again(0);
	MUST(lease_parse(&lease) == 0);
	view_use(&lease.policy, view_flags);
	meanwhile(name_again);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "made", made },
		{ "named", named },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
