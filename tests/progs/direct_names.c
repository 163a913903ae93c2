/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which names another user can know beforehand (tools/audit/names.c): by all that a name can
 * have been made from. See direct.h.
 */
#include "../../tools/audit/names.c"

#include "direct.h"

#define PIDS "process's number"
#define CLOCK "the time"
#define WHO "the user"
#define GUESS "number that can be guessed"
#define NAMED "the program's name"
#define SAME "the same in each run"

/* 2026-09-21, 14:13:20 */
enum { START = 1790000000 };

static const int pids[] = { 4711 };

static const struct name_sources usual = {
	.pids = pids,
	.n_pids = 1,
	.start = START,
	.end = START + 5,
	.user = (char *)"tester",
	.uid = 61234,
	.program = "prog",
	.texts = { "constant cc lock ab long_word", NULL, "other", NULL },
	.lengths = { 29, 0, 5, 0 },
};

struct row {
	const char *name, *why; /* NULL: it cannot */
};

static void check(const struct name_sources *sources, const struct row *row)
{
	for (; row->name; row++) {
		const char *why = name_weakness(row->name, sources);

		if (!why != !row->why || (why && !strstr(why, row->why))) {
			fprintf(stderr, "%s: %s, not %s\n", row->name, why ? why : "-",
				row->why ? row->why : "-");
			direct_failed(__FILE__, __LINE__, row->name, !why, !row->why);
		}
	}
}

static void words(void)
{
	static const struct row rows[] = {
		{ "constant", SAME },
		{ "other", SAME },
		{ "other-4711", PIDS },
		{ "job4711", PIDS },
		{ "job61234", WHO },
		{ "61234", WHO },
		{ "tester", WHO },
		{ "testes", SAME },
		{ "xtesterx", WHO },
		{ "prog", NAMED },
		{ "prox", SAME },
		{ "my-prog.x", NAMED },
		{ "job12", GUESS },
		{ "lock88022", GUESS },
		{ "A1", GUESS },
		{ "1a", GUESS },
		{ "12", GUESS },
		{ "short", SAME },
		{ "longerword", SAME },
		/* What was drawn by lot. */
		{ "constant-x7Kq9Z", NULL },
		{ "ccXkqzwv", NULL },
		{ "ABcdef", NULL },
		{ "aebcdfgh", NULL },
		{ "bcdfgh", NULL },
		{ "98765432", NULL },
		{ "987654321987654321987654321", NULL },
		{ "x_a1b_c3dd", NULL },
		/* With lines. */
		{ "long_word", SAME },
		{ "a1b_c", GUESS },
		{ "abc_defg", SAME },
		{ "ABc_defg-", NULL },
		{ "AB_12_cdefg", GUESS },
		{ "...", SAME },
		{ NULL, NULL },
	};

	check(&usual, rows);
}

static void moments(void)
{
	static const struct row rows[] = {
		{ "1790000000", CLOCK },  { "17900000001234", CLOCK },
		{ "job1790000003", CLOCK }, { "1790009999", NULL },
		{ "1780000000", NULL },	  { "20260921", CLOCK },
		{ "260921", CLOCK },	  { "2026", CLOCK },
		{ "20265", GUESS },	  { "141320", CLOCK },
		{ "1413", CLOCK },	  { "20260921141320", CLOCK },
		{ "1713", CLOCK },	  { "1613", GUESS },
		{ NULL, NULL },
	}, none[] = { { "1713", GUESS }, { "2026", GUESS }, { NULL, NULL } };
	struct name_sources other = usual;

	/* Three hours to the east. */
	MUST(setenv("TZ", "XXX-3", 1) == 0);
	tzset();
	check(&usual, rows);
	/* A moment that no calendar has, as a trace can say. */
	other.start = INT64_MAX / 2;
	other.end = other.start + 2;
	check(&other, none);
	/* Of a long run its first hour counts. */
	other.start = START;
	other.end = START + 100000;
	check(&other, (const struct row[]){
			      { "1714", CLOCK }, { "1850", GUESS }, { NULL, NULL } });
	MUST(unsetenv("TZ") == 0);
	tzset();
}

/* Where less is known, and where it is known how much was drawn. */
static void sources(void)
{
	static const struct row nothing[] = {
		{ "tester", SAME },
		{ "prog", SAME },
		{ "0", GUESS },
		{ "constant-x7Kq9Z", NULL },
		{ NULL, NULL },
	}, shorter[] = {
		{ "xyx", SAME },
		{ NULL, NULL },
	}, drawn[] = {
		{ "lock88022", GUESS },
		{ "cc123456", NULL },
		{ "ab12", GUESS },
		{ "longerword", NULL },
		{ "abc_defg", NULL },
		{ "ab_cd", SAME },
		{ "long_word", SAME },
		{ NULL, NULL },
	};
	struct name_sources few = { .start = START, .end = START };

	check(&few, nothing);
	few.user = (char *)"y";
	few.program = "x";
	check(&few, shorter);
	few = usual;
	few.drawn = 6;
	check(&few, drawn);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "words", words },
		{ "moments", moments },
		{ "sources", sources },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
