/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the shim is found, and what a command is given by which it is loaded
 * (tools/preload.c): in trees of all kinds, and in a view by hand. See direct.h.
 */
#include "../../tools/preload.h"
#include "../../tools/tool.h"
#include "core/report.h"
#include "route/lists.h"
#include "route/loader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIBDIR "/tmp/usr/lib"
#define LIBEXECDIR "/tmp/usr/libexec"

/* What preload.c calls, each of which can be made to fail, COUNT calls on. */
static enum broken { NOTHING, MEMORY, PUT, PUT_ELEMENTS, LISTS } broken;
static int count;

static bool breaks(enum broken what)
{
	return what == broken && count-- == 0;
}

static char said[PATH_MAX + 64];
static const char *own; /* this program's path; NULL: it cannot be known */
static bool multiarch;	/* the system is one with /usr/lib/x86_64-linux-gnu */

static void tell(const char *path, const char *what, int error, const char *remedy)
{
	(void)what, (void)remedy;
	snprintf(said, sizeof said, "%s:%d", path, error);
}

static ssize_t own_link(char *to, size_t size)
{
	size_t n;

	errno = EACCES;
	if (!own)
		return -1;
	n = strlen(own) < size ? strlen(own) : size;
	memcpy(to, own, n);
	return (ssize_t)n;
}

static int is_accessible(const char *path, int how)
{
	if (!strcmp(path, "/usr/lib/x86_64-linux-gnu/"))
		return multiarch ? 0 : -1;
	return access(path, how);
}

static void *some(size_t n)
{
	return breaks(MEMORY) ? NULL : malloc(n);
}

static void *zeroed(size_t n, size_t size)
{
	return breaks(MEMORY) ? NULL : calloc(n, size);
}

static ptrdiff_t put_list(const char *entry, char *to, size_t room)
{
	return breaks(PUT) ? -EAGAIN : list_put(entry, to, room);
}

static ptrdiff_t put_elements(const char *at, char *to, size_t room)
{
	return breaks(PUT_ELEMENTS) ? -EAGAIN : list_put_elements(at, to, room);
}

static ptrdiff_t put_lists(char *const *argv, const struct text *word, char *text,
			   size_t room, char **vector, size_t *program)
{
	return breaks(LISTS) ? -EAGAIN :
			       loader_put_lists(argv, word, text, room, vector, program);
}

#define malloc some
#define calloc zeroed
#define list_put put_list
#define list_put_elements put_elements
#define loader_put_lists put_lists
#define access is_accessible
#define readlink(path, to, size) own_link(to, size)
#define report(path, what, error, remedy) tell(path, what, error, remedy)
#include "../../tools/preload_list.c"
#include "../../tools/preload.c"
#undef malloc
#undef calloc
#undef list_put
#undef list_put_elements
#undef loader_put_lists
#undef access
#undef readlink
#undef report
#undef PRELOAD

#include "direct_view.h"

const char *remedy_of(int error)
{
	(void)error;
	return NULL;
}

/* A library is a text: "64" or "32"; "bad" cannot be read, and all else is none. */
int program_look(const char *path, struct program *out)
{
	FILE *file = fopen(path, "r");
	char text[16] = "";

	MUST(file);
	(void)!fgets(text, sizeof text, file);
	fclose(file);
	memset(out, 0, sizeof *out);
	out->class = !strcmp(text, "32") ? ELFCLASS32 : ELFCLASS64;
	out->known = !strcmp(text, "32") || !strcmp(text, "64");
	return strcmp(text, "bad") != 0 ? 0 : EIO;
}

/* -- Where it is -- */

static struct shim shim;

/* Whether it is found by a tool at PATH; where with "!" behind it if not. */
#define FINDS(tool, wanted) \
	do { \
		own = tool; \
		*said = '\0'; \
		IS(shim_find(&shim) == 0, *said == '\0'); \
		TEXT_IS("finds", *said ? said : shim.path, wanted); \
	} while (0)

static void places(void)
{
	static char longest[PATH_MAX];

	FINDS("/tmp/o/bin/privtmp", LIBDIR "/libprivtmp.so:2");
	FINDS(NULL, LIBDIR "/libprivtmp.so:2");
	/* In that prefix. */
	write_text_there("/tmp/o/lib/libprivtmp.so", "64");
	FINDS("/tmp/o/bin/privtmp", "/tmp/o/lib/libprivtmp.so");
	TEXT_IS("no helper", shim.helper, "");
	TEXT_IS("no door", shim.door, "");
	write_text_there("/tmp/o/libexec/privtmp/reaper", "");
	write_text_there("/tmp/o/libexec/privtmp/privtmp-door", "");
	FINDS("/tmp/o/bin/privtmp", "/tmp/o/lib/libprivtmp.so");
	TEXT_IS("helper", shim.helper, "/tmp/o/libexec/privtmp/reaper");
	TEXT_IS("door", shim.door, "/tmp/o/libexec/privtmp/privtmp-door");
	/* What is installed where it was meant to be is preferred. */
	write_text_there(LIBEXECDIR "/reaper", "");
	write_text_there(LIBEXECDIR "/privtmp-door", "");
	FINDS("/tmp/o/bin/privtmp", "/tmp/o/lib/libprivtmp.so");
	TEXT_IS("helper", shim.helper, LIBEXECDIR "/reaper");
	TEXT_IS("door", shim.door, LIBEXECDIR "/privtmp-door");
	write_text_there(LIBDIR "/libprivtmp.so", "64");
	FINDS("/tmp/o/bin/privtmp", LIBDIR "/libprivtmp.so");
	FINDS(NULL, LIBDIR "/libprivtmp.so");
	/* In a build tree, its own. */
	FINDS("/tmp/b/tools/privtmp", LIBDIR "/libprivtmp.so");
	write_text_there("/tmp/b/shim/.libs/libprivtmp.so", "64");
	FINDS("/tmp/b/tools/privtmp", "/tmp/b/shim/.libs/libprivtmp.so");
	TEXT_IS("helper", shim.helper, "");
	write_text_there("/tmp/b/tools/reaper", "");
	FINDS("/tmp/b/tools/privtmp", "/tmp/b/shim/.libs/libprivtmp.so");
	TEXT_IS("helper", shim.helper, "/tmp/b/tools/reaper");
	FINDS("/tmp/b/tool/privtmp", LIBDIR "/libprivtmp.so");
	/* A path that is too long is none. */
	memset(longest, 'x', sizeof longest);
	longest[0] = '/';
	strcpy(longest + sizeof longest - 16, "/tools/privtmp");
	FINDS(longest, LIBDIR "/libprivtmp.so");
}

static void useless(void)
{
	write_text_there("/tmp/a b/lib/libprivtmp.so", "64");
	FINDS("/tmp/a b/bin/privtmp", "/tmp/a b/lib/libprivtmp.so:0");
	write_text_there("/tmp/a:b/lib/libprivtmp.so", "64");
	FINDS("/tmp/a:b/bin/privtmp", "/tmp/a:b/lib/libprivtmp.so:0");
	write_text_there("/tmp/c/lib/libprivtmp.so", "bad");
	FINDS("/tmp/c/bin/privtmp", "/tmp/c/lib/libprivtmp.so:5");
	write_text_there("/tmp/d/lib/libprivtmp.so", "text");
	FINDS("/tmp/d/bin/privtmp", "/tmp/d/lib/libprivtmp.so:0");
}

static void other_sizes(void)
{
	static const struct {
		const char *path, *text, *other, *other_text;
		const char *both; /* NULL: the other one is not found */
		bool multiarch;
	} rows[] = {
		{ "/lib/x86_64-linux-gnu/", "64", "/lib/i386-linux-gnu/", "32", "/$LIB/",
		  true },
		{ "/lib/x86_64-linux-gnu/", "64", "/lib32/", "32", "/$LIB/", true },
		{ "/lib/i386-linux-gnu/", "32", "/lib64/", "64", "/$LIB/", true },
		{ "/lib64/", "64", "/lib/", "32", "/$LIB/", false },
		{ "/lib/", "64", "/lib32/", "32", "/$LIB/", false },
		/* There $LIB is another directory. */
		{ "/lib/", "64", "/lib32/", "32", "", true },
		/* None of the other size. */
		{ "/lib64/", "64", "/lib/", "64", NULL, false },
		{ "/lib64/", "64", "/lib/", "text", NULL, false },
		{ "/lib64/", "64", "/lib/", "bad", NULL, false },
		{ "/lib64/", "64", "/lib16/", "32", NULL, false },
		{ "/opt/", "64", "/lib/", "32", NULL, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char path[64], other[64], both[64] = "", what[16];

		snprintf(path, sizeof path, "/tmp/%zu%slibprivtmp.so", i, rows[i].path);
		snprintf(other, sizeof other, "/tmp/%zu%slibprivtmp.so", i,
			 rows[i].other);
		snprintf(what, sizeof what, "row %zu", i);
		write_text_there(path, rows[i].text);
		write_text_there(other, rows[i].other_text);
		multiarch = rows[i].multiarch;
		memset(&shim, 0, sizeof shim);
		strcpy(shim.path, path);
		MUST(program_look(path, &shim.program) == 0);
		find_other(&shim);
		TEXT_IS(what, shim.other, rows[i].both ? other : "");
		if (rows[i].both && *rows[i].both)
			snprintf(both, sizeof both, "/tmp/%zu%slibprivtmp.so", i,
				 rows[i].both);
		TEXT_IS(what, shim.both, both);
	}
	/* At the top. */
	strcpy(shim.path, "/libprivtmp.so");
	find_other(&shim);
	TEXT_IS("top", shim.other, "");
}

static void for_audits(void)
{
	memset(&shim, 0, sizeof shim);
	write_text_there("/tmp/lib/libprivtmp-audit.so", "");
	write_text_there("/tmp/lib32/libprivtmp-audit.so", "");
	for (int other = 0; other < 3; other++) {
		strcpy(shim.path, "/tmp/lib/libprivtmp.so");
		strcpy(shim.other, other ? "/tmp/lib32/libprivtmp.so" : "");
		strcpy(shim.both, other ? "/tmp/$LIB/libprivtmp.so" : "");
		if (other == 2)
			MUST(unlink("/tmp/lib32/libprivtmp-audit.so") == 0);
		IS(shim_for_audit(&shim), 0);
		TEXT_IS("path", shim.path, "/tmp/lib/libprivtmp-audit.so");
		/* Without one for the other size there is no name for both. */
		TEXT_IS("other", shim.other,
			other == 1 ? "/tmp/lib32/libprivtmp-audit.so" : "");
		TEXT_IS("both", shim.both,
			other == 1 ? "/tmp/$LIB/libprivtmp-audit.so" : "");
	}
	strcpy(shim.path, "/tmp/none/libprivtmp.so");
	IS(shim_for_audit(&shim), -1);
	TEXT_IS("said", said, "/tmp/none/libprivtmp-audit.so:2");
	/* A name that is too long for that stays what it is. */
	memset(shim.path, 'x', PATH_MAX);
	strcpy(shim.path + PATH_MAX - 8, ".so");
	IS(shim_for_audit(&shim), -1);
	IS(strlen(shim.path), PATH_MAX - 5);
}

static void in_an_audit(void)
{
	static const struct {
		const char *list;
		bool audited;
	} rows[] = { { "/lib/libprivtmp-audit.so", true },
		     { "/x.so:libprivtmp-audit.so", true },
		     { "/x.so /lib/libprivtmp-audit.so", true },
		     { "/lib/libprivtmp.so", false },
		     { "/libprivtmp-audit.so/x.so", false },
		     { "", false } };

	unsetenv("LD_PRELOAD");
	setenv("PRIVTMP_TRACE", "/trace", 1);
	FALSE(shim_is_audited());
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		setenv("PRIVTMP_TRACE", "/trace", 1);
		setenv("LD_PRELOAD", rows[i].list, 1);
		IS(shim_is_audited(), rows[i].audited);
		unsetenv("PRIVTMP_TRACE");
		FALSE(shim_is_audited());
	}
	unsetenv("LD_PRELOAD");
}

static void beside_the_helper(void)
{
	char out[PATH_MAX];

	strcpy(shim.helper, "/x/reaper");
	shim_program(&shim, "where", out);
	TEXT_IS("beside", out, "/x/where");
	shim.helper[0] = '\0';
	shim_program(&shim, "where", out);
	TEXT_IS("no helper", out, "");
	memset(shim.helper, 'x', PATH_MAX);
	strcpy(shim.helper + PATH_MAX - 4, "/r");
	shim_program(&shim, "where", out);
	TEXT_IS("too long", out, "");
	own = "/x/privtmp";
	TRUE(tool_find(out));
	TEXT_IS("tool", out, "/x/privtmp");
	own = NULL;
	FALSE(tool_find(out));
	TEXT_IS("no tool", out, "");
	TEXT_IS("said", said, "/proc/self/exe:13");
}

static void named(void)
{
	struct program program = { .known = true, .class = ELFCLASS32 };

	memset(&shim, 0, sizeof shim);
	strcpy(shim.path, "/64");
	shim.program.class = ELFCLASS64;
	TEXT_IS("alone", shim_name(&shim, &program), "/64");
	strcpy(shim.other, "/32");
	TEXT_IS("other", shim_name(&shim, &program), "/32");
	TEXT_IS("any", shim_name(&shim, NULL), "/64");
	program.class = ELFCLASS64;
	TEXT_IS("own", shim_name(&shim, &program), "/64");
	program.class = ELFCLASS32;
	program.known = false;
	TEXT_IS("unknown", shim_name(&shim, &program), "/64");
	program.known = true;
	strcpy(shim.both, "/$LIB");
	TEXT_IS("both", shim_name(&shim, &program), "/$LIB");
}

/* -- The environment -- */

/* The value of NAME in ENTRIES; NULL: none, or two. */
static const char *value_in(char **entries, const char *name)
{
	const char *found = NULL;

	for (; entries && *entries; entries++)
		if (is_variable(*entries, name)) {
			if (found)
				return NULL;
			found = *entries + strlen(name) + 1;
		}
	return found;
}

static void preloads(void)
{
	static const struct {
		const char *old, *merged;
	} rows[] = {
		{ NULL, "/s.so" },
		{ "", "/s.so" },
		{ "/x.so", "/s.so:/x.so" },
		{ " /x.so::y.so ", "/s.so:/x.so:y.so" },
		/* Each once, whatever its path. */
		{ "/usr/lib/libprivtmp.so:/x.so", "/s.so:/x.so" },
		{ "libprivtmp.so", "/s.so" },
		{ "/usr/lib/libprivtmp-audit.so", "/s.so" },
		{ "/libprivtmp.so/x", "/s.so:/libprivtmp.so/x" },
		/* The sanitizers' stay first. */
		{ "/x.so:libasan.so.8", "libasan.so.8:/s.so:/x.so" },
		{ "/lib/libtsan.so.2 /x.so", "/lib/libtsan.so.2:/s.so:/x.so" },
		{ "/lib/libasan.so/x", "/s.so:/lib/libasan.so/x" },
		{ "xlibasan.so", "/s.so:xlibasan.so" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *merged = merge("/s.so", rows[i].old);

		TEXT_IS(rows[i].old ? rows[i].old : "none", merged + sizeof "LD_PRELOAD",
			rows[i].merged);
		free(merged);
	}
}

static void environment(void)
{
	struct settings settings = { .guard = "/g", .keep = "always" };
	char session[] = "PRIVTMP_SESSION=x", **out;

	begin_view();
	memset(&shim, 0, sizeof shim);
	strcpy(shim.path, "/s.so");
	clearenv();
	setenv("HOME", "/h", 1);
	setenv("LD_PRELOAD", "/x.so", 1);
	setenv("LD_PRELOADS", "z", 1);
	setenv("PRIVTMP_KEEP", "never", 1);
	setenv("PRIVTMP_SHARE", "/old", 1);
	setenv("PRIVTMP_SESSION", "old", 1);
	out = shim_environment(&shim, NULL, &settings, session);
	TEXT_IS("preload", value_in(out, "LD_PRELOAD"), "/s.so:/x.so");
	TEXT_IS("others", value_in(out, "LD_PRELOADS"), "z");
	TEXT_IS("home", value_in(out, "HOME"), "/h");
	TEXT_IS("guard", value_in(out, "PRIVTMP_GUARD"), "/g");
	TEXT_IS("keep", value_in(out, "PRIVTMP_KEEP"), "always");
	TEXT_IS("share", value_in(out, "PRIVTMP_SHARE"), NULL);
	TEXT_IS("session", value_in(out, "PRIVTMP_SESSION"), "x");
	/* Without the shim the variable is the command's own affair. */
	out = shim_environment(NULL, NULL, &settings, session);
	TEXT_IS("own", value_in(out, "LD_PRELOAD"), "/x.so");
	TEXT_IS("session", value_in(out, "PRIVTMP_SESSION"), "x");
	/* What ld.so reads leads to the backings. */
	setenv("LD_LIBRARY_PATH", "/tmp/lib:/usr/lib", 1);
	setenv("LD_PRELOAD", "/tmp/x.so", 1);
	out = shim_environment(&shim, NULL, &settings, session);
	TEXT_IS("list", value_in(out, "LD_LIBRARY_PATH"), IN "/lib:/usr/lib");
	TEXT_IS("preload", value_in(out, "LD_PRELOAD"), "/s.so:" IN "/x.so");
	/* For want of memory, or of what is to be looked at, there is none. */
	for (int i = 0; i < 4; i++) {
		broken = MEMORY;
		count = i;
		TRUE(!shim_environment(&shim, NULL, &settings, session));
	}
	broken = PUT;
	count = 1;
	TRUE(!shim_environment(&shim, NULL, &settings, session));
	broken = NOTHING;
}

/* -- The arguments of a dynamic linker -- */

static const struct program linker = { .is_linker = true };

/* What becomes of a linker's ARGUMENT, behind "--library-path /tmp/l"; or the error. */
static int given(const char *argument, const char **library_path, const char **program)
{
	char *words[] = { (char *)"/lib/ld-linux.so", (char *)"--library-path",
			  (char *)"/tmp/l",	      (char *)argument,
			  (char *)"/tmp/x",	      NULL };
	char **argv = words;
	const int ret = shim_arguments(&shim, &linker, &argv);

	*library_path = ret == 0 ? argv[2] : NULL;
	*program = ret == 0 ? argv[3] : NULL;
	/* The program's own words are not touched, and these are the caller's. */
	if (ret == 0 && argument)
		TEXT_IS("word", argv[4], "/tmp/x");
	TEXT_IS("caller's", words[2], "/tmp/l");
	return ret;
}

static void arguments(void)
{
	static const struct {
		const char *program;
		int error;
		const char *real;
	} rows[] = {
		{ "/tmp/prog", 0, IN "/prog" },
		{ "/usr/bin/prog", 0, "/usr/bin/prog" },
		{ NULL, 0, NULL },
		/* These cannot be told from a list. */
		{ "/usr/bin/a:b", 0, "/usr/bin/a:b" },
		{ "/usr/bin/a b", 0, "/usr/bin/a b" },
		{ "/tmp/a:b", -EACCES, NULL },
		{ "/tmp/$x", -EACCES, NULL },
	};
	static const struct program none, script = { .is_linker = true, .script = true };
	char *words[] = { (char *)"/lib/ld-linux.so", (char *)"/tmp/prog", NULL };
	char **argv = words;
	const char *path, *program;

	begin_view();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *what = rows[i].program ? rows[i].program : "none";

		IS(given(rows[i].program, &path, &program), rows[i].error);
		TEXT_IS(what, program, rows[i].real);
		TEXT_IS(what, path, rows[i].error ? NULL : IN "/l");
	}
	/* Others open nothing before the shim is there. */
	IS(shim_arguments(&shim, &none, &argv), 0);
	TRUE(argv == words);
	IS(shim_arguments(&shim, &script, &argv), 0);
	TRUE(argv == words);
}

static void arguments_that_fail(void)
{
	static const struct {
		enum broken what;
		int call, error;
	} rows[] = { { MEMORY, 0, -ENOMEM },	   { MEMORY, 1, -ENOMEM },
		     { LISTS, 0, -EAGAIN },	   { LISTS, 1, -EAGAIN },
		     { PUT_ELEMENTS, 1, -EAGAIN }, { NOTHING, 0, 0 } };
	const char *path, *program;

	begin_view();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		broken = rows[i].what;
		count = rows[i].call;
		IS(given("/tmp/prog", &path, &program), rows[i].error);
	}
	broken = NOTHING;
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "places", places },
		{ "useless", useless },
		{ "other_sizes", other_sizes },
		{ "for_audits", for_audits },
		{ "in_an_audit", in_an_audit },
		{ "beside", beside_the_helper },
		{ "named", named },
		{ "preloads", preloads },
		{ "environment", environment },
		{ "arguments", arguments },
		{ "arguments_that_fail", arguments_that_fail },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
