/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a new image gets as its environment (wrap/exec_env.c). See direct.h. */
#include "direct_exec_env.h"

#include <pthread.h>

static struct exec_env env;

/* ENVP as a new image gets it; NULL: it cannot. */
static char *const *fill(char *const *argv, char *const *envp, int parent)
{
	static void *room[2 * EXEC_ON_STACK];
	const size_t n = exec_env_plan(&env, argv, envp);

	TRUE(n >= 1 && n <= EXEC_ON_STACK);
	return exec_env_fill(&env, room, parent);
}

#define VECTOR(...) ((char *[]){ __VA_ARGS__, NULL })
#define T(text) ((char *)(text))

/* -- What is added -- */

static void filled(void)
{
	char *const *vector;

	begin();
	vector = fill(NULL, NULL, 7);
	ENTRIES(vector, "LD_PRELOAD=" SHIM, NAMED);
	IS(parent_told, 7);
	FALSE(apart_told);
	IS(keeps, 1);
	exec_env_end(&env);
	IS(ended, 1);
	vector = fill(NULL, VECTOR(T("A=1"), T(SESSION_VARIABLE "=old"), T("B=2")), 0);
	ENTRIES(vector, "A=1", "B=2", "LD_PRELOAD=" SHIM, NAMED);
	/* All of them have the shim, before what they had. */
	vector = fill(NULL,
		      VECTOR(T("LD_PRELOAD=a.so"), T("LD_PRELOAD="),
			     T("LD_PRELOAD=" SHIM ":b.so")),
		      0);
	ENTRIES(vector, "LD_PRELOAD=" SHIM ":a.so", "LD_PRELOAD=" SHIM,
		"LD_PRELOAD=" SHIM ":b.so", NAMED);
	/* A name that begins like one is another. */
	vector = fill(NULL,
		      VECTOR(T("LD_PRELOADS=a.so"), T(SESSION_VARIABLE "S=1"),
			     T("LD_PRELOAD")),
		      0);
	ENTRIES(vector, "LD_PRELOADS=a.so", SESSION_VARIABLE "S=1", "LD_PRELOAD",
		"LD_PRELOAD=" SHIM, NAMED);
	/* By /etc/ld.so.preload it comes by itself. */
	FALSE(exec_everywhere());
	shim_word = "";
	TRUE(exec_everywhere());
	vector = fill(NULL, VECTOR(T("LD_PRELOAD=a.so")), 0);
	ENTRIES(vector, "LD_PRELOAD=a.so", NAMED);
	vector = fill(NULL, NULL, 0);
	ENTRIES(vector, NAMED);
	/* Settings of a set-user-ID program's caller are not handed on. */
	vector = fill(NULL, VECTOR(T("PRIVTMP_ROOTS=/x"), T("PRIVTM=1")), 0);
	ENTRIES(vector, "PRIVTMP_ROOTS=/x", "PRIVTM=1", NAMED);
	pt_session.privileged = true;
	vector = fill(NULL, VECTOR(T("PRIVTMP_ROOTS=/x"), T("PRIVTM=1")), 0);
	ENTRIES(vector, "PRIVTM=1", NAMED);
	/* Where no session is named, it is said whose variables these are. */
	no_name = true;
	vector = fill(NULL, VECTOR(T("A=1")), 0);
	ENTRIES(vector, "A=1");
	callers = true;
	vector = fill(NULL, VECTOR(T("A=1")), 0);
	ENTRIES(vector, "A=1", SESSION_CALLERS);
}

static void led(void)
{
	char *const *vector;

	begin();
	vector = fill(NULL, VECTOR(T(LEADS), T("LIST=here"), T("A=1")), 0);
	ENTRIES(vector, "LIST=/real", "LIST=here", "A=1", "LD_PRELOAD=" SHIM, NAMED);
	IS(shares, 1);
	IS(fill(NULL, VECTOR(T("LIST=denied")), 0), NULL);
	IS(env.error, EACCES);
	/* What fails later is an error, too. */
	put_fails = -ENAMETOOLONG;
	IS(fill(NULL, VECTOR(T(LEADS)), 0), NULL);
	IS(env.error, ENAMETOOLONG);
	IS(fill(NULL, VECTOR(T("LD_PRELOAD=a.so")), 0), NULL);
	IS(env.error, ENAMETOOLONG);
}

static void preloads(void)
{
	char to[64];
	const size_t more = sizeof SHIM ":" - 1;

	begin();
	IS(put_preload("LD_PRELOAD=a.so", to, more - 1), -ENOMEM);
	IS(put_preload("LD_PRELOAD=a.so", to, sizeof to),
	   sizeof "LD_PRELOAD=" SHIM ":a.so");
	TEXT_IS("the preload", to, "LD_PRELOAD=" SHIM ":a.so");
	IS(put_preload("LD_PRELOAD=", to, sizeof to), sizeof "LD_PRELOAD=" SHIM);
	TEXT_IS("the preload", to, "LD_PRELOAD=" SHIM);

	/* That of the shim alone is found. */
	{
		char **both = VECTOR(T("A=1"), T("LD_PRELOAD=" SHIM));

		IS(exec_env_preload(both), both + 1);
		both[1] = T("LD_PRELOAD=" SHIM ":a.so");
		IS(exec_env_preload(both), NULL);
		shim_word = "";
		both[1] = T("LD_PRELOAD=");
		IS(exec_env_preload(both), NULL);
	}
}

/* -- Who gets nothing -- */

static void whole(void)
{
	static const struct {
		int state, then;
		bool main, privileged, callers, whole;
		int needs;
	} rows[] = {
		{ SESSION_NONE, 0, true, false, false, false, 0 },
		{ SESSION_LIVE, 0, true, false, false, false, 0 },
		{ SESSION_OFF, 0, true, false, false, true, 0 },
		{ SESSION_OFF, 0, true, false, true, true, 0 },
		{ SESSION_OFF, 0, true, true, false, true, 0 },
		{ SESSION_OFF, 0, true, true, true, false, 0 },
		{ SESSION_STARTING, SESSION_OFF, true, false, false, true, 1 },
		{ SESSION_STARTING, SESSION_LIVE, true, false, false, false, 1 },
		{ SESSION_NONE, SESSION_OFF, false, false, false, true, 1 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char **vector = VECTOR(T("A=1"));

		begin();
		pt_session.state = rows[i].state;
		state_after_need = rows[i].then;
		pt_session.main_reached = rows[i].main;
		pt_session.privileged = rows[i].privileged;
		callers = rows[i].callers;
		IS(fill(NULL, vector, 0) == vector, rows[i].whole);
		IS(env.whole, rows[i].whole);
		IS(needs, rows[i].needs);
		exec_env_end(&env);
		IS(ended, !rows[i].whole);
	}
}

static void unreadable(void)
{
	begin();
	IS(fill(SYS_NOWHERE, VECTOR(T("A=1")), 0), SYS_NOWHERE);
	TRUE(env.unreadable && env.whole);
	IS(fill(VECTOR(T("x")), SYS_NOWHERE, 0), SYS_NOWHERE);
	TRUE(env.unreadable);
	FALSE(fill(VECTOR(T("x")), VECTOR(T("A=1")), 0) == SYS_NOWHERE);
	FALSE(env.unreadable);
}

/* Others can replace a shim that lies in a guarded directory, unless that is shared. */
static void hidden(void)
{
	static const struct {
		const char *word;
		int error;
	} rows[] = {
		{ "/mnt/libprivtmp.so", 0 },	 { "/tmp/libprivtmp.so", EACCES },
		{ "/tmp/s/libprivtmp.so", 0 },	 { "/var/tmp/libprivtmp.so", EACCES },
		{ "/tmpfile/libprivtmp.so", 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin();
		shim_word = rows[i].word;
		IS(fill(NULL, NULL, 0) == NULL, rows[i].error != 0);
		IS(env.error, rows[i].error);
	}
	pt_session.state = SESSION_OFF;
	shim_word = "/tmp/libprivtmp.so";
	TRUE(fill(NULL, NULL, 0));
	IS(env.error, 0);
}

/* A parent goes on after its vfork child has executed, and may rely on the image's files. */
static void shared(void)
{
	static const struct {
		int state, pid;
		bool main;
		int shares;
	} rows[] = {
		{ SESSION_PLANNED, 0, true, 0 },
		{ SESSION_PLANNED, 1, true, 1 },
		{ SESSION_PLANNED, 0, false, 1 },
		{ SESSION_LIVE, 1, true, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin();
		state_after_need = pt_session.state = rows[i].state;
		pt_session.pid += rows[i].pid;
		pt_session.main_reached = rows[i].main;
		given = SHIM;
		TRUE(fill(NULL, NULL, 0));
		IS(shares, rows[i].shares);
	}
	begin();
	FALSE(fill(NULL, NULL, 0) == NULL);
	pt_session.state = SESSION_STARTING;
	pt_session.pid++;
	env.whole = false;
	TRUE(exec_env_fill(&env, (void *[EXEC_ON_STACK]){ NULL }, 0));
	IS(shares, 1);
}

/* -- Much -- */

static void many(void)
{
	static char *vector[3 * EXEC_ON_STACK + 1];
	char *const *got;
	void *first;

	begin();
	for (size_t i = 0; i < EXEC_ON_STACK + 1; i++)
		vector[i] = T("A=1");
	no_pages = true;
	IS(fill(NULL, vector, 0), NULL);
	IS(env.error, ENOMEM);
	no_pages = false;
	got = fill(NULL, vector, 0);
	TEXT_IS("the last", got[EXEC_ON_STACK], "A=1");
	TEXT_IS("the preload", got[EXEC_ON_STACK + 1], "LD_PRELOAD=" SHIM);
	TEXT_IS("the name", got[EXEC_ON_STACK + 2], NAMED);
	IS(got[EXEC_ON_STACK + 3], NULL);
	/* They are used again; and where they do not suffice, replaced. */
	IS(fill(NULL, vector, 0), got);
	for (size_t i = 0; i < 3 * EXEC_ON_STACK; i++)
		vector[i] = T("B=1");
	got = fill(NULL, vector, 0);
	TEXT_IS("the last", got[3 * EXEC_ON_STACK - 1], "B=1");
	TEXT_IS("the name", got[3 * EXEC_ON_STACK + 1], NAMED);
	/* Arguments have their own. */
	first = exec_pages(100);
	TRUE(first && first != got);
	IS(exec_pages(100), first);
	no_pages = true;
	IS(exec_pages(1 << 20), NULL);
	no_pages = false;
	TRUE(exec_pages(100));
	/* Of more threads than there is room for, each gets new ones each time. */
	for (char *thread = (char *)64; pages_of(thread); thread++)
		IS(pages_of(thread), pages_of(thread));
	TRUE(pages_of(&errno));
	IS(pages_of((void *)4096), NULL);
}

static void *other_thread(void *out)
{
	void **got = out;

	got[0] = exec_pages(100);
	got[1] = exec_pages(100);
	return NULL;
}

/* After many(): all places are taken. */
static void threads(void)
{
	void *got[2];

	many();
	other_thread(got);
	IS(got[0], got[1]);
	{
		pthread_t thread;

		MUST(pthread_create(&thread, NULL, other_thread, got) == 0);
		pthread_join(thread, NULL);
	}
	TRUE(got[0] && got[1] && got[0] != got[1]);
}

/* -- Where it is settled afterwards -- */

static void settled(void)
{
	char *entries[4] = { T("A=1"), NULL };

	begin();
	env.handover.variable[0] = '\0';
	IS(exec_env_settle(&env, entries, 3), 0);
	ENTRIES(entries, "A=1", NAMED);
	IS(parent_told, 3);
	FALSE(apart_told);
	/* Off the program's numbers, where that was asked for. */
	entries[1] = NULL;
	env.handover.variable[0] = '\0';
	env.apart = true;
	IS(exec_env_settle(&env, entries, 3), 0);
	TRUE(apart_told);
	exec_env_plan(&env, NULL, entries);
	FALSE(env.apart);
	env.apart = true;
	TRUE(exec_env_fill(&env, (void *[EXEC_ON_STACK]){ NULL }, 3));
	TRUE(apart_told);
	/* It stands already. */
	entries[1] = NULL;
	IS(exec_env_settle(&env, entries, 3), 0);
	ENTRIES(entries, "A=1");
	/* In the place of what says whose variables these are. */
	env.handover.variable[0] = '\0';
	entries[0] = callers_variables;
	IS(exec_env_settle(&env, entries, 3), 0);
	ENTRIES(entries, NAMED);
	env.handover.variable[0] = '\0';
	entries[0] = NULL;
	pt_session.state = SESSION_PLANNED;
	IS(exec_env_settle(&env, entries, 3), 0);
	ENTRIES(entries, NULL);
	pt_session.state = SESSION_LIVE;
	share_answers = ENOSPC;
	IS(exec_env_settle(&env, entries, 3), ENOSPC);
	ENTRIES(entries, NULL);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "filled", filled },	      { "led", led },
		{ "preloads", preloads },     { "whole", whole },
		{ "unreadable", unreadable }, { "hidden", hidden },
		{ "shared", shared },	      { "threads", threads },
		{ "settled", settled },	      { NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
