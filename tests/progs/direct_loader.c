/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lists of paths that a dynamic linker reads, and its arguments where it is executed itself
 * (route/lists.c, route/loader.c): which words they are, and where each element leads. See
 * direct.h.
 */
#include "core/report.h"
#include "core/sys.h"
#include "route/walk.h"
#include "session/own.h"
#include "session/session.h"

static bool hook_is_open(const char *path, size_t len);
static void hook_report(const char *path, const char *what, int error,
			const char *remedy);
static void hook_refuse(int error);
static struct walk *hook_walk_begin(int *error);
static int hook_walk_path(struct walk *walk, int dirfd, const char *path, size_t len,
			  enum follow follow);

#define own_is_open hook_is_open
#define report hook_report
#define session_refuse hook_refuse
#define walk_begin hook_walk_begin
#define walk_path hook_walk_path
#include "route/lists.c"
#undef walk_begin
#undef walk_path
#include "route/loader.c"

#include "direct_view.h"

static char asked[200];		/* of own_is_open */
static bool open_to_all;	/* what it answers */
static char reported[PATH_MAX]; /* the path */
static int reported_error;
static int refused;    /* with this error */
static int walk_error; /* 0: there is room for a walk */
static int look_error; /* 0: a walk can look at what is there */

static bool hook_is_open(const char *path, size_t len)
{
	snprintf(asked, sizeof asked, "%.*s", (int)len, path);
	return open_to_all;
}

static void hook_report(const char *path, const char *what, int error, const char *remedy)
{
	TRUE(what && remedy);
	reported_error = error;
	snprintf(reported, sizeof reported, "%s", path);
}

static void hook_refuse(int error)
{
	refused = error;
}

static struct walk *hook_walk_begin(int *error)
{
	*error = walk_error;
	return walk_error ? NULL : walk_begin(error);
}

static int hook_walk_path(struct walk *walk, int dirfd, const char *path, size_t len,
			  enum follow follow)
{
	return look_error ? -look_error : walk_path(walk, dirfd, path, len, follow);
}

static void begin(void)
{
	begin_view();
	make_dir("/tmp/s", 0, 0755);
	make_dir(IN "/d", 0, 0755);
	make_dir(OUT "/d", 0, 0755);
	make_link("/tmp/d", OUT "/in", 0);
	make_link(OUT "/loop", OUT "/loop", 0);
	make_link("/tmp/a b", OUT "/blank", 0);
	make_dir(IN "/a b", 0, 0755);
	make_link(OUT "/d", OUT "/side", 0);
	walk_error = look_error = 0;
}

/* -- Lists -- */

static void names(void)
{
	static const char *const yes[] = { "LD_LIBRARY_PATH=", "LD_AUDIT=x",
					   "LD_PRELOAD=/a", "LD_DEBUG_OUTPUT=/tmp/x",
					   "LD_PROFILE_OUTPUT=/tmp/x" },
				 *const no[] = { "LD_LIBRARY_PATH",
						 "LIBRARY_PATH=/tmp",
						 "LD_=",
						 "LD_LIBRARY_PATHS=/tmp",
						 "XLD_AUDIT=/tmp",
						 "LD_AUDI=/tmp",
						 "",
						 "LD_",
						 "PATH=/tmp" };

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		TRUE(list_is(yes[i]));
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		FALSE(list_is(no[i]));
		IS(list_leads(no[i]), 0);
		FALSE(list_may_lead(no[i]));
	}
}

static void elements(void)
{
	static const struct {
		const char *list, *elements[4];
	} row[] = {
		{ "", { NULL } },
		{ ":", { NULL } },
		{ "a", { "a" } },
		{ "a:", { "a" } },
		{ ":a", { "a" } },
		{ "a:b;c", { "a", "b", "c" } },
		{ "::a  b;", { "a", "b" } },
		{ "/a/b:c", { "/a/b", "c" } },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		const char *at = row[i].list;
		struct text element;
		char got[40];
		int n = 0;

		while (list_next(&at, &element)) {
			snprintf(got, sizeof got, "%.*s", (int)element.len, element.at);
			TEXT_IS(row[i].list, got, row[i].elements[n]);
			n++;
		}
		TEXT_IS(row[i].list, n < 4 ? row[i].elements[n] : NULL, NULL);
		TRUE(at == row[i].list + strlen(row[i].list));
	}
}

/* Where one element leads: whether into a backing, whether it may, and what is written. */
static const struct {
	const char *element, *real;
	bool leads, may;
} led[] = {
	{ "/tmp/d", IN "/d", true, true },
	{ "/tmp", IN, true, true },
	{ "/tmp/none", IN "/none", true, true },
	{ "/var/tmp/x", PREFIX2 "/var/tmp/x", true, true },
	{ "/tmp/s", "/tmp/s", false, true },
	{ "/tmp/s/x", "/tmp/s/x", false, true },
	{ "/tmp/st", IN "/st", true, true },
	{ "/usr/lib", "/usr/lib", false, false },
	{ "/tmpx", "/tmpx", false, false },
	{ "$ORIGIN/../tmp", "$ORIGIN/../tmp", false, false },
	{ "/mnt/../tmp/d", IN "/d", true, true },
	{ "/mnt/../mnt/d", "/mnt/../mnt/d", false, false },
	{ "/tmp/../mnt/d", OUT "/d", true, true },
};

static void leads(void)
{
	char entry[300], wanted[300], to[2 * PATH_MAX];

	begin();
	for (size_t i = 0; i < sizeof led / sizeof *led; i++) {
		const char *element = led[i].element;
		const size_t len = strlen(element);
		ptrdiff_t n, room;

		IS(list_element_leads(element, len), led[i].leads);
		/* Alone, and between others. */
		for (int between = 0; between < 2; between++) {
			snprintf(entry, sizeof entry,
				 between ? "LD_AUDIT=:/a;%s /b" : "LD_AUDIT=%s", element);
			snprintf(wanted, sizeof wanted,
				 between ? "LD_AUDIT=:/a;%s /b" : "LD_AUDIT=%s",
				 led[i].real);
			IS(list_leads(entry), led[i].leads);
			IS(list_may_lead(entry), led[i].may);
			room = (ptrdiff_t)list_room(entry);
			n = list_put(entry, to, sizeof to);
			IS(n, strlen(wanted) + 1);
			TRUE(n <= room);
			TEXT_IS(element, to, wanted);
			/* It is as much as is written, and a byte less is not enough. */
			IS(list_put(entry, to, (size_t)n), n);
			IS(list_put(entry, to, (size_t)n - 1), -ENOMEM);
			IS(list_put(entry, to, 3), -ENOMEM);
			list_show(to);
		}
		/* Only the name's end tells where the elements begin. */
		IS(list_element_leads(element, 0), 0);
	}
	/* An element that needs no walk needs as much room as it has bytes. */
	IS(list_room("LD_AUDIT=/a:/b"), sizeof "LD_AUDIT=/a:/b");
	IS(list_room("LD_AUDIT=/tmp/d"), sizeof "LD_AUDIT=" IN "/d");
	IS(list_room("LD_AUDIT=../x"), sizeof "LD_AUDIT=../x");
	IS(list_room("LD_AUDIT=/mnt/../tmp/d"),
	   sizeof "LD_AUDIT=" + strlen("/mnt/../tmp/d") + POLICY_ROOT_MAX + 1 + PATH_MAX);
}

/* What cannot be seen for a moment is no answer. */
static void passing(void)
{
	static const char walked[] = "LD_AUDIT=/a:/mnt/../tmp/d";
	char to[2 * PATH_MAX];

	begin();
	walk_error = ENOMEM;
	IS(list_leads(walked), -ENOMEM);
	IS(list_put(walked, to, sizeof to), -ENOMEM);
	/* No walk is needed. */
	IS(list_leads("LD_AUDIT=/tmp/d"), 1);
	IS(list_leads("LD_AUDIT=../x"), 0);
	FALSE(list_may_lead("LD_AUDIT=../x"));
	IS(list_put("LD_AUDIT=/tmp/d", to, sizeof to), sizeof "LD_AUDIT=" IN "/d");
	walk_error = 0;
	look_error = EIO;
	IS(list_leads(walked), -EIO);
	IS(list_put(walked, to, sizeof to), -EIO);
}

/* An element that a separator comes into would be two others. */
static void separated(void)
{
	char to[2 * PATH_MAX];

	begin();
	view_flags[0] = LINKS_OUTSIDE;
	IS(list_leads("LD_AUDIT=/mnt/in"), 1);
	IS(list_leads("LD_AUDIT=/mnt/d"), 0);
	IS(list_leads("LD_AUDIT=/mnt/loop/x"), 1);
	TRUE(list_may_lead("LD_AUDIT=/mnt/d"));
	TRUE(list_put("LD_AUDIT=/mnt/in", to, sizeof to) > 0);
	TEXT_IS("link", to, "LD_AUDIT=" IN "/d");
	TRUE(list_put("LD_AUDIT=/mnt/blank:/mnt/d", to, sizeof to) > 0);
	TEXT_IS("blank", to, "LD_AUDIT=" PREFIX ":/mnt/d");
	/* One that stays outside is left as it is, whatever its real name. */
	TRUE(list_put("LD_AUDIT=/mnt/side", to, sizeof to) > 0);
	TEXT_IS("side", to, "LD_AUDIT=/mnt/side");
	/* What cannot be walked is not to be found in the shared directory instead. */
	TRUE(list_put("LD_AUDIT=/mnt/loop/x", to, sizeof to) > 0);
	TEXT_IS("loop", to, "LD_AUDIT=" PREFIX);
}

/* Writes a path of LEN bytes to TEXT: names of C, of 200 bytes each but for the last one. */
static void names_of(char c, size_t len, char *text)
{
	memset(text, c, len);
	for (size_t at = 200; at < len - 1; at += 201)
		text[at] = '/';
	text[len] = '\0';
}

/* A real path that is longer than there is room for, which two links can lead to. */
static void long_links(void)
{
	static const char entry[] = "LD_AUDIT=/mnt/far/on";
	const size_t first = 3000,
		     room = strlen("/mnt/far/on") + POLICY_ROOT_MAX + 1 + PATH_MAX;
	const size_t second = room - strlen(IN "/") - first - strlen("/");
	char far[PATH_MAX] = "/tmp/", on[PATH_MAX], to[3 * PATH_MAX];
	char path[PATH_MAX + 200] = IN "/";

	begin();
	view_flags[0] = LINKS_OUTSIDE;
	names_of('f', first, far + strlen(far));
	make_link(far, OUT "/far", 0);
	for (const char *at = far + strlen("/tmp/"), *end = at; *end; at = end + 1) {
		end = at + strcspn(at, "/");
		strncat(path, at, (size_t)(end - at));
		make_dir(path, 0, 0755);
		strcat(path, "/");
	}
	strcat(path, "on");
	for (size_t more = 0; more < 2; more++) {
		names_of('o', second + more, on);
		unlink(path);
		make_link(on, path, 0);
		TRUE(list_put(entry, to, sizeof to) > 0);
		IS(strlen(to), strlen("LD_AUDIT=") + (more ? strlen(PREFIX) : room));
	}
}

static void shown(void)
{
	static const char *const row[][2] = {
		{ "LD_AUDIT=" IN "/d", "LD_AUDIT=/tmp/d" },
		{ "LD_AUDIT=" IN "/d:/a;" PREFIX2 "/var/tmp/x " IN,
		  "LD_AUDIT=/tmp/d:/a;/var/tmp/x /tmp" },
		{ "LD_AUDIT=::" IN ":", "LD_AUDIT=::/tmp:" },
		{ "LD_AUDIT=/a" IN "/d", "LD_AUDIT=/a" IN "/d" },
		{ "LD_AUDIT=", "LD_AUDIT=" },
	};
	char entry[300];

	begin();
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		snprintf(entry, sizeof entry, "%s", row[i][0]);
		list_show(entry);
		TEXT_IS(row[i][0], entry, row[i][1]);
	}
}

/* -- What others can write to -- */

/* Of a list ENTRY, whether it is heeded, and which element was asked about at last. */
static void heed(const char *entry, bool is_open, const char *last, const char *told)
{
	char *const envp[] = { (char *)"A=/tmp/d", (char *)entry,
			       (char *)"LD_AUDIT=/tmp/z", NULL };
	char *const alone[] = { (char *)"LD_AUDI=/tmp", (char *)entry, NULL };

	open_to_all = is_open;
	asked[0] = reported[0] = '\0';
	refused = reported_error = 0;
	list_heed(is_open ? envp : alone);
	TEXT_IS(entry, asked, last);
	TEXT_IS(entry, reported, told);
	IS(refused, *told ? EACCES : 0);
	/* The linker has done it: there is no call that failed. */
	IS(reported_error, 0);
}

static void heeds(void)
{
	char entry[PATH_MAX + 40];

	begin();
	heed("LD_PRELOAD=/usr/lib/x.so:/tmp/d", true, "/tmp/d", "/tmp/d");
	heed("LD_PRELOAD=/tmp/d:/tmp/e", true, "/tmp/d", "/tmp/d");
	heed("LD_PRELOAD=/tmp/d:/tmp/e", false, "/tmp/e", "");
	heed("LD_PRELOAD=/tmp/s:/usr/lib", false, "", "");
	heed("LD_PRELOAD=/usr/lib", true, "/tmp/z", "/tmp/z");
	heed("NONE=/tmp/d", false, "", "");
	/* What cannot be seen for a moment is looked at. */
	walk_error = ENOMEM;
	heed("LD_PRELOAD=/mnt/../tmp/d", true, "/mnt/../tmp/d", "/mnt/../tmp/d");
	walk_error = 0;
	/* The longest that can be reported; and one that no linker can open. */
	for (int more = 0; more < 2; more++) {
		memset(entry, 'x', sizeof entry);
		memcpy(entry, "LD_AUDIT=/tmp/", 14);
		entry[9 + PATH_MAX - 1 + more] = '\0';
		open_to_all = true;
		refused = 0;
		list_heed((char *const[]){ entry, NULL });
		IS(refused, more ? 0 : EACCES);
	}
	list_heed(NULL);
	list_heed((char *const[]){ NULL });
}

/* Whether LIST, kept, strays from where it is used; in a process each. */
static const char *strays_list;
static const char *strays_told;
static bool strays_open;

static void stray(void)
{
	char *const envp[] = { (char *)"LIST=x", (char *)strays_list, (char *)"A=b",
			       (char *)"LD_LIBRARY_PATH=second", NULL };

	open_to_all = strays_open;
	asked[0] = reported[0] = '\0';
	list_keep(envp);
	IS(list_strays(), *strays_told != '\0');
	TEXT_IS(strays_list, reported, strays_told);
	IS(reported_error, *strays_told ? EACCES : 0);
}

static void strays_by(const char *list, bool is_open, const char *told)
{
	strays_list = list;
	strays_open = is_open;
	strays_told = told;
	in_child(stray);
}

static void strays(void)
{
	static char list[2000];
	const size_t name = strlen("LD_LIBRARY_PATH=");

	begin();
	view_exact();
	MUST(chdir(OUT) == 0);
	strays_by("LD_LIBRARY_PATH=/tmp/d:in", true, "in");
	strays_by("LD_LIBRARY_PATH=d:in", true, "in");
	strays_by("LD_LIBRARY_PATH=in:d", true, "in");
	strays_by("LD_LIBRARY_PATH=in", false, "");
	strays_by("LD_LIBRARY_PATH=/tmp/d:$ORIGIN/in:/tmp", true, "");
	strays_by("LD_LIBRARY_PATH=d", true, "");
	strays_by("LD_LIBRARY_PATH=", true, "");
	/* As many bytes as fit, and one more. */
	for (size_t more = 0; more < 2; more++) {
		memset(list, 'x', sizeof list);
		memcpy(list, "LD_LIBRARY_PATH=", name);
		list[sizeof relative - 2 + more] = '\0';
		strays_by(list, true, more ? "LD_LIBRARY_PATH" : "");
		/* With others that do, behind it. */
		memcpy(list + sizeof relative - 2 + more, ":in", 4);
		strays_by(list, true, more ? "in" : "LD_LIBRARY_PATH");
	}
	/* One that the linker expands is not looked for here, however long. */
	memset(list, 'x', sizeof list);
	memcpy(list, "LD_LIBRARY_PATH=$", name + 1);
	list[sizeof list - 1] = '\0';
	strays_by(list, true, "");
	list_keep(NULL);
	list_keep((char *const[]){ (char *)"A=b", NULL });
	FALSE(list_strays());
}

/* -- A linker's arguments -- */

static void linkers(void)
{
	static const char *const yes[] = { "/lib64/ld-linux-x86-64.so.2",
					   "/lib/ld-musl-aarch64.so.1",
					   "ld64.so.2",
					   "ld.so",
					   "/x/ld-2.31.so",
					   "./ld.so.1",
					   "/lib/ld0189.so" },
				 *const no[] = { "",	    "/",	 "ld",
						 "/bin/ld", "l.so",	 "kd.so",
						 "le.so",   "ldx.so",	 "/ld.so/x",
						 "xld.so",  "/bin/ld-x", "ld64",
						 "ldd",	    "ld.s",	 "ld.o" };

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		TRUE(loader_is(yes[i]));
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		FALSE(loader_is(no[i]));
	FALSE(loader_is(NULL));
	FALSE(loader_is((const char *)8));
}

static const char nothing[] = "";

/* Arguments, the index of the program, that of what is started, and the lists as they become. */
static const struct {
	const char *argv[8];
	size_t program, started;
	const char *lists[8];
} run[] = {
	{ { "ld.so", "/bin/ls", "-l" }, 1, 1, { NULL } },
	{ { "ld.so" }, 1, 0, { NULL } },
	{ { "ld.so", "-x", "y" }, 1, 1, { NULL } },
	{ { "ld.so", "--list", "p" }, 2, 0, { NULL } },
	{ { "ld.so", "--verify", "p" }, 2, 0, { NULL } },
	{ { "ld.so", "--inhibit-cache", "p", "--list" }, 2, 2, { NULL } },
	{ { "ld.so", "--argv0", "--list", "p" }, 3, 3, { NULL } },
	{ { "ld.so", "--inhibit-rpath", "a", "p" }, 3, 3, { NULL } },
	{ { "ld.so", "--glibc-hwcaps-prepend", "a", "p" }, 3, 3, { NULL } },
	{ { "ld.so", "--glibc-hwcaps-mask", "a", "p" }, 3, 3, { NULL } },
	{ { "ld.so", "--argv0" }, 2, 0, { NULL } },
	/* Its list is missing. */
	{ { "ld.so", "--audit" }, 2, 0, { NULL } },
	{ { "ld.so", "--preload" }, 2, 0, { NULL } },
	{ { "ld.so", "--library-path", "/tmp/d:/a", "p" },
	  3,
	  3,
	  { NULL, NULL, IN "/d:/a" } },
	{ { "ld.so", "--audit", "/tmp/s:/tmp", "p" }, 3, 3, { NULL, NULL, "/tmp/s:" IN } },
	{ { "ld.so", "--library-path=/tmp/d", "p" },
	  2,
	  2,
	  { NULL, "--library-path=" IN "/d" } },
	{ { "ld.so", "--library-pathx", "p" }, 2, 2, { NULL } },
	{ { "ld.so", "--library-path", "/tmp", "--list", "--audit=/tmp", "p" },
	  5,
	  0,
	  { NULL, NULL, IN, NULL, "--audit=" IN } },
	{ { "ld.so", "--preload", "/tmp/d", "p" }, 3, 3, { NULL, NULL, IN "/d:SHIM" } },
	{ { "ld.so", "--preload=/tmp/d", "--preload", "", "p", "/tmp/x" },
	  4,
	  4,
	  { NULL, "--preload=" IN "/d:SHIM", NULL, ":SHIM" } },
};

/* One row of RUN, with the word SHIM or with none, in no more room than there has to be. */
static void run_one(size_t i, const struct text *shim)
{
	char *vector[8], *text, wanted[300];
	size_t program = 99;
	ptrdiff_t size, put;

	size = loader_put_lists((char *const *)run[i].argv, shim, NULL, 0, NULL,
				&program);
	IS(program, run[i].program);
	program = 99;
	TRUE(size >= 0);
	MUST((text = malloc((size_t)size + 1)));
	memcpy(vector, run[i].argv, sizeof vector);
	put = loader_put_lists((char *const *)run[i].argv, shim, text, (size_t)size,
			       vector, &program);
	IS(put, size);
	IS(program, run[i].program);
	for (int at = 0; at < 8; at++) {
		char *added;

		if (!run[i].lists[at]) {
			TRUE(vector[at] == run[i].argv[at]);
			continue;
		}
		snprintf(wanted, sizeof wanted, "%s", run[i].lists[at]);
		added = strstr(wanted, ":SHIM");
		if (added && !shim->len)
			*added = '\0';
		TEXT_IS(run[i].lists[at], vector[at], wanted);
	}
	/* Counted again, it could be more: no byte is written where there is no room. */
	for (ptrdiff_t less = 0; less < size; less++) {
		char *const exact = malloc((size_t)less + 1);

		MUST(exact);
		exact[less] = 'x';
		IS(loader_put_lists((char *const *)run[i].argv, shim, exact, (size_t)less,
				    vector, &program),
		   -ENOMEM);
		IS(exact[less], 'x');
		free(exact);
	}
	free(text);
}

static void arguments(void)
{
	const struct text shim = { "SHIM:/no/more", 4 }, none = { nothing, 0 };

	begin();
	for (size_t i = 0; i < sizeof run / sizeof *run; i++) {
		run_one(i, &shim);
		run_one(i, &none);
		IS(loader_started((char *const *)run[i].argv), run[i].started);
	}
	IS(loader_started(NULL), 0);
	IS(loader_started((char *const[]){ NULL, (char *)"x", NULL }), 0);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "names", names },	    { "elements", elements },
		{ "leads", leads },	    { "passing", passing },
		{ "separated", separated }, { "long_links", long_links },
		{ "shown", shown },	    { "heeds", heeds },
		{ "strays", strays },	    { "linkers", linkers },
		{ "arguments", arguments }, { NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
