/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which links are noted, because the kernel alone would follow them to the wrong side of a
 * guarded directory's border (route/border.c): see direct.h.
 */
#include "policy/policy.h"
#include "policy/view.h"
#include "session/hints_use.h"
#include "session/session.h"

#include "direct.h"
#include "direct_view.h"

static void hook_links(unsigned char bits);

#define session_links hook_links
#include "route/border.c"
#undef session_links

enum {
	INSIDE = LINKS_INSIDE,
	OUTSIDE = LINKS_OUTSIDE,
	UP = LINKS_UP,
	UP_OUT = LINKS_UP_OUTSIDE,
	MANY = 1 << 16, /* more than one note */
};

static unsigned noted;

static void hook_links(unsigned char bits)
{
	noted = (noted ? MANY : 0) | bits | (bits ? 0u : MANY);
}

static void begin(void)
{
	begin_view();
	make_dir(IN "/d", 0, 0755);
	make_dir(IN "/d/e", 0, 0755);
	make_dir("/tmp/s", 0, 0755);
	make_dir(OUT "/d", 0, 0755);
	make_dir(OUT "/d/e", 0, 0755);
	make_link("loop", OUT "/loop", 0);
}

/* -- Moves -- */

static const char *const kinds[] = { "none", "file", "fifo", "link", "dir" };

/*
 * By what border.h and view.h say of each. RELATIVE: the paths start at a descriptor, which
 * can be in a backing.
 */
static unsigned of_a_move(int from, const char *kind, int to, const char *back,
			  unsigned known, bool relative)
{
	const bool link = !strcmp(kind, "link"), dir = !strcmp(kind, "dir");
	const bool link_back = !strcmp(back, "link"), dir_back = !strcmp(back, "dir");
	const bool from_in = from >= 0 || relative, to_in = to >= 0 || relative;
	/* What is in a directory is not known, but whether there can be such a link is. */
	const unsigned up = (to_in ? UP : 0) | (to < 0 ? UP_OUT : 0);
	const bool some = known & (INSIDE | OUTSIDE | UP | up);
	const bool in = ((link || dir) && to_in) || ((link_back || dir_back) && from_in);
	const bool out = ((link || (dir && some)) && to < 0) ||
			 ((link_back || (dir_back && some)) && from < 0);

	if (from == to && !(known & up))
		return 0;
	if (in && out)
		return MANY | OUTSIDE;
	return in ? INSIDE : out ? OUTSIDE : 0;
}

static void make_kinds(const char *dir)
{
	char path[256];

	snprintf(path, sizeof path, "%s/file", dir);
	make_file(path, 0, 0644);
	snprintf(path, sizeof path, "%s/fifo", dir);
	MUST(mkfifo(path, 0644) == 0);
	snprintf(path, sizeof path, "%s/link", dir);
	make_link("x", path, 0);
	snprintf(path, sizeof path, "%s/dir", dir);
	make_dir(path, 0, 0755);
}

static void move_all(int fromfd, const char *from_dir, int tofd, const char *to_dir)
{
	char paths[2][256]; /* with room behind: a path is read by 16 bytes */
	struct route from = { .path = paths[0] },
		     to = { .path = paths[1], .dirfd = tofd };

	for (unsigned n = 0; n < 3 * 3 * 5 * 5 * 128; n++) {
		const char *kind = kinds[n / 9 % 5], *back = kinds[n / 45 % 5];
		unsigned want;

		from.guard = (int)(n % 3) - 1;
		to.guard = (int)(n / 3 % 3) - 1;
		snprintf(paths[0], sizeof paths[0], "%s%s", from_dir, kind);
		snprintf(paths[1], sizeof paths[1], "%s%s", to_dir, back);
		view_flags[0] = (unsigned char)(n / 225);
		want = of_a_move(from.guard, kind, to.guard, back, view_flags[0],
				 !*from_dir);
		noted = 0;
		border_moving(&from, fromfd, &to);
		IS(noted, want);
		/* There every path is walked, but for what leads in from outside. */
		pt_view.mixed = true;
		noted = 0;
		border_moving(&from, fromfd, &to);
		IS(noted, want & OUTSIDE);
		pt_view.mixed = false;
	}
}

static void moves(void)
{
	struct route from = { .guard = 0 }, to = from;
	int fromfd, tofd;

	begin();
	make_kinds(OUT "/d");
	make_kinds(OUT "/d/e");
	fromfd = open(OUT "/d", O_PATH);
	tofd = open(OUT "/d/e", O_PATH);
	move_all(fromfd, "", tofd, "");
	move_all(AT_FDCWD, OUT "/d/", AT_FDCWD, OUT "/d/e/");
	to.dirfd = tofd;
	to.path = "link";
	view_flags[0] = 0;
	to.guard = -1;
	from.guard = 0;
	from.path = "link";
	noted = 0;
	pt_view.policy = NULL;
	border_moving(&from, fromfd, &to);
	IS(noted, 0);
}

/* -- New links -- */

/* With room behind it: it is read by 16 bytes. An address that is none is kept. */
static const char *with_room(const char *string, char *room)
{
	return (uintptr_t)string < 4096 ? string : strcpy(room, string);
}

static unsigned of_a_link(const char *link_text, int dirfd, const char *path, int guard)
{
	static char room[2][2 * PATH_MAX + 32];
	const struct route to = { .guard = guard };
	const int before = descriptors();

	noted = 0;
	border_making(with_room(link_text, room[0]), dirfd, with_room(path, room[1]),
		      &to);
	IS(descriptors(), before);
	return noted;
}

struct row {
	const char *text;
	unsigned top, sub, deep; /* at LINK, d/LINK, d/e/LINK */
};

static void rows(const struct row *row, const char *dir, int guard)
{
	static const char *const subs[] = { "", "d/", "d//./e//" };
	char path[64];

	for (; row->text; row++)
		for (unsigned i = 0; i < 3; i++) {
			const unsigned want = i == 0 ? row->top :
					      i == 1 ? row->sub :
						       row->deep;
			unsigned is;

			snprintf(path, sizeof path, "%s/%slink", dir, subs[i]);
			is = of_a_link(row->text, AT_FDCWD, path, guard);
			if (is != want)
				fprintf(stderr, "%s -> %s: %u, not %u\n", path, row->text,
					is, want);
			IS(is, want);
		}
}

static void inside(void)
{
	static const struct row table[] = {
		/* What has no "..", and is no name of a guarded directory or above. */
		{ "x", 0, 0, 0 },
		{ "d/x", 0, 0, 0 },
		{ "./x", 0, 0, 0 },
		{ ".", 0, 0, 0 },
		{ "..x", 0, 0, 0 },
		{ "...", 0, 0, 0 },
		{ ".x/.", 0, 0, 0 },
		{ "x/..y", 0, 0, 0 },
		{ "a./b", 0, 0, 0 },
		{ "tmp", 0, 0, 0 },
		{ "/etc/passwd", 0, 0, 0 },
		{ "//etc", 0, 0, 0 },
		{ OUT "/x", 0, 0, 0 },
		/* Up, but not out. */
		{ "..", INSIDE, UP, UP },
		{ "../x", INSIDE, UP, UP },
		{ "./../x", INSIDE, UP, UP },
		{ ".././x", INSIDE, UP, UP },
		{ "..//x", INSIDE, UP, UP },
		{ "../a./x", INSIDE, UP, UP },
		{ "../..", INSIDE, INSIDE, UP },
		{ "../../x", INSIDE, INSIDE, UP },
		{ ".././../x", INSIDE, INSIDE, UP },
		{ "../../../x", INSIDE, INSIDE, INSIDE },
		/* A name may be a link. */
		{ "x/..", INSIDE, INSIDE, INSIDE },
		{ "d/../x", INSIDE, INSIDE, INSIDE },
		{ "../x/../y", INSIDE, INSIDE, INSIDE },
		{ "../d/..", INSIDE, INSIDE, INSIDE },
		/* By name. */
		{ "/", INSIDE, INSIDE, INSIDE },
		{ "//", INSIDE, INSIDE, INSIDE },
		{ "/tmp", INSIDE, INSIDE, INSIDE },
		{ "/tmp/x", INSIDE, INSIDE, INSIDE },
		{ "/var", INSIDE, INSIDE, INSIDE },
		{ "/var/tmp/x", INSIDE, INSIDE, INSIDE },
		{ "/etc/../tmp", INSIDE, INSIDE, INSIDE },
		{ "/etc/..", INSIDE, INSIDE, INSIDE },
		{ "/none/../tmp", INSIDE, INSIDE, INSIDE },
		{ "/proc/self/cwd", INSIDE, INSIDE, INSIDE },
		{ NULL, 0, 0, 0 },
	};

	begin();
	rows(table, "/tmp", 0);
	/* Of one that leads out there is nothing more to tell. */
	view_flags[0] = INSIDE;
	IS(of_a_link("/tmp/x", AT_FDCWD, "/tmp/link", 0), 0);
	IS(of_a_link("../x", AT_FDCWD, "/tmp/link", 0), INSIDE);
	IS(of_a_link("/tmp/x", AT_FDCWD, OUT "/link", -1), OUTSIDE);
	view_flags[0] = (unsigned char)~INSIDE;
	IS(of_a_link("/tmp/x", AT_FDCWD, "/tmp/link", 0), INSIDE);
	view_flags[0] = 0;
	pt_view.mixed = true;
	IS(of_a_link("/tmp/x", AT_FDCWD, "/tmp/link", 0), 0);
	IS(of_a_link("../x", AT_FDCWD, "/tmp/d/link", 0), 0);
	IS(of_a_link("/tmp/x", AT_FDCWD, OUT "/link", -1), OUTSIDE);
}

static void outside(void)
{
	static const struct row table[] = {
		{ "x", 0, 0, 0 },
		{ "e/x", 0, 0, 0 },
		{ ".", 0, 0, 0 },
		{ "...", OUTSIDE, OUTSIDE, OUTSIDE }, /* taken for one */
		{ "/etc/passwd", 0, 0, 0 },
		{ OUT "/d", 0, 0, 0 },
		/* To a guarded directory, or above it. */
		{ "/", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "/tmp", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "/tmp/x", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "//tmp//x", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "/var", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "/var/tmp", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "/var/tmp/x", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "/etc/../tmp", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "/etc/..", OUTSIDE, OUTSIDE, OUTSIDE },
		/* By as many steps, or by more. */
		{ "..", OUTSIDE, UP_OUT, UP_OUT },
		{ "../", OUTSIDE, UP_OUT, UP_OUT },
		{ "../..", OUTSIDE, OUTSIDE, UP_OUT },
		{ "../../..", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "../tmp/x", OUTSIDE, UP_OUT, UP_OUT },
		{ "../../tmp", OUTSIDE, OUTSIDE, UP_OUT },
		{ "../var", OUTSIDE, UP_OUT, UP_OUT },
		{ "../etc", 0, 0, 0 },
		{ "../x", 0, 0, 0 },
		{ "../../x", 0, 0, 0 },
		{ "../d/../../tmp", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "../e/../../../tmp", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "../e/../x", OUTSIDE, OUTSIDE, 0 },
		/* Behind what is not there yet nobody knows. */
		{ "none/..", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "none/../x", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "none/x", 0, 0, 0 },
		{ "../none/x", 0, 0, 0 },
		{ "../none/../x", OUTSIDE, OUTSIDE, OUTSIDE },
		/* Nor what there will be in procfs. */
		{ "/proc", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "/proc/self/cwd", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "/proc/self/root", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "/proc/self/fd", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "/proc/none", OUTSIDE, OUTSIDE, OUTSIDE },
		{ "/proc/meminfo", 0, 0, 0 },
		{ "/procx", 0, 0, 0 },
		{ "/proc2/x", 0, 0, 0 },
		{ "/etc/../proc/meminfo", 0, 0, 0 },
		{ "/etc/../procx", 0, 0, 0 },
		{ OUT "/loop/../x", OUTSIDE, OUTSIDE, OUTSIDE },
		{ NULL, 0, 0, 0 },
	};

	begin();
	rows(table, OUT, -1);
	/* What is shared is outside, too. */
	IS(of_a_link("x", AT_FDCWD, "/tmp/s/link", -1), 0);
	IS(of_a_link("../x", AT_FDCWD, "/tmp/s/link", -1), OUTSIDE);
	IS(of_a_link("/tmp/x", AT_FDCWD, "/tmp/s/link", -1), OUTSIDE);
	IS(of_a_link("/etc", AT_FDCWD, "/tmp/s/link", -1), 0);
}

/* From where, and what cannot be found out. */
static void starts(void)
{
	static char long_text[2 * PATH_MAX];
	const size_t dir = strlen(OUT "/d/");
	int out, in, gone;

	begin();
	out = open(OUT "/d", O_PATH);
	in = open(IN "/d", O_PATH);
	IS(of_a_link("..", out, "link", -1), UP_OUT);
	IS(of_a_link("../..", out, "link", -1), OUTSIDE);
	IS(of_a_link("..", in, "link", 0), UP);
	IS(of_a_link("../..", in, "link", 0), INSIDE);
	MUST(chdir(OUT "/d/e") == 0);
	IS(of_a_link("../..", AT_FDCWD, "link", -1), UP_OUT);
	IS(of_a_link("../..", AT_FDCWD, "../link", -1), OUTSIDE);
	/* A link on the way. */
	make_link("/tmp/d", OUT "/in", 0);
	IS(of_a_link("..", AT_FDCWD, OUT "/in/link", 0), UP);
	IS(of_a_link("../..", AT_FDCWD, OUT "/in/link", 0), INSIDE);
	/* No place. */
	IS(of_a_link("/tmp", AT_FDCWD, OUT "/loop/link", -1), INSIDE | OUTSIDE);
	IS(of_a_link("../x", AT_FDCWD, OUT "/loop/link", -1), INSIDE | OUTSIDE);
	make_dir(OUT "/gone", 0, 0755);
	gone = open(OUT "/gone", O_PATH);
	MUST(rmdir(OUT "/gone") == 0);
	IS(of_a_link("../x", gone, "link", -1), OUTSIDE);
	/* Nothing that the kernel would make. */
	IS(of_a_link("", AT_FDCWD, OUT "/link", -1), 0);
	IS(of_a_link("/tmp", AT_FDCWD, "", -1), 0);
	IS(of_a_link((const char *)8, AT_FDCWD, OUT "/link", -1), 0);
	IS(of_a_link("/tmp", AT_FDCWD, (const char *)8, -1), 0);
	/* Every length. */
	memset(long_text, 'a', sizeof long_text);
	memcpy(long_text, "../", 3);
	for (size_t i = 5; i < sizeof long_text; i += 3)
		long_text[i] = '/';
	for (size_t len = PATH_MAX - 10; len < PATH_MAX + 3; len++) {
		const char kept = long_text[len];

		long_text[len] = '\0';
		IS(of_a_link(long_text, AT_FDCWD, OUT "/d/link", -1),
		   dir + len < PATH_MAX || len >= PATH_MAX ? 0 : OUTSIDE);
		long_text[len] = kept;
	}
	/* What climbs behind a name may come in, by a link that is made later. */
	TRUE(may_enter("") && may_enter("tmp/x") && may_enter("x/../y"));
	FALSE(may_enter("x") || may_enter("x/y") || may_enter("x/..y"));
	pt_view.policy = NULL;
	IS(of_a_link("/tmp", AT_FDCWD, OUT "/link", -1), 0);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "moves", moves },   { "inside", inside }, { "outside", outside },
		{ "starts", starts }, { NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
