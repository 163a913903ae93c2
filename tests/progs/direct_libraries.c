/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which libraries a program loads, and from where (tools/binary/libraries.c): by what the
 * objects say, in directories of all kinds. A library is a text here. See direct.h.
 */
#include "../../tools/binary/texts.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What libraries.c calls: memory that may be lacking, and which directories a system has. */
static bool lacking;

static void *some(void *at, size_t n)
{
	return lacking ? NULL : realloc(at, n);
}

static void *zeroed(size_t n, size_t size)
{
	return lacking ? NULL : calloc(n, size);
}

static const char *system_has = "";

static int directory_there(const char *path, int how)
{
	(void)how;
	return strstr(system_has, path) ? 0 : -1;
}

#define realloc some
#define calloc zeroed
#define access(path, how) directory_there(path, how)
#define is_there is_listed /* direct.h has another one */
#include "../../tools/binary/libraries.c"
#undef realloc
#undef calloc
#undef access
#undef is_there
#include "../../tools/binary/texts.c"

#include "direct.h"

#include <elf.h>

/* -- Objects: "soname X", "needs X", "rpath X", "runpath X", "32" -- */

struct object *object_read(int fd, const char *path, unsigned what, const char **wrong)
{
	struct object *object = calloc(1, sizeof *object);
	char text[16384], *rest = text, *line;
	const ssize_t n = read(fd, text, sizeof text - 1);

	(void)what, (void)wrong;
	close(fd);
	MUST(n >= 0 && object);
	text[n] = '\0';
	object->path = strdup(path);
	object->class = ELFCLASS64;
	while ((line = strsep(&rest, "\n"))) {
		char *value = strchr(line, ' ');

		if (!strcmp(line, "32"))
			object->class = ELFCLASS32;
		if (!strcmp(line, "none"))
			return NULL;
		if (!value)
			continue;
		*value++ = '\0';
		if (!strcmp(line, "soname"))
			object->soname = strdup(value);
		else if (!strcmp(line, "rpath"))
			object->rpath = strdup(value);
		else if (!strcmp(line, "runpath"))
			object->runpath = strdup(value);
		else if (!strcmp(line, "needs"))
			texts_add(&object->needed, "%s", value);
	}
	return object;
}

bool object_alike(const struct object *a, const struct object *b)
{
	return a->class == b->class;
}

/* What the cache of ld.so has of NAME. */
static const char *const cached[][2] = {
	{ "libcached.so", "/tmp/cached/32.so" },
	{ "libcached.so", "/tmp/cached/64.so" },
};

const char *ld_cache_next(const char *name, unsigned *at)
{
	while (*at < sizeof cached / sizeof *cached)
		if (!strcmp(cached[(*at)++][0], name))
			return cached[*at - 1][1];
	return NULL;
}

/* -- What is asked -- */

/* What PROGRAM loads, each with a blank behind; what is missing with a "!". */
static const char *loads(const struct object *program)
{
	static char text[65536];
	struct libraries found;
	size_t at = 0;

	libraries_find(program, &found);
	*text = '\0';
	for (size_t i = 0; i < found.n; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "%s ",
				       found.object[i]->path);
	for (size_t i = 0; i < found.missing.n; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "%s! ",
				       found.missing.text[i]);
	libraries_free(&found);
	return text;
}

/* What a program at PATH loads that needs these. */
static const char *needs(struct object *program, const char *path, const char *a,
			 const char *b)
{
	const char *out;

	/* Each file is read once, whatever it is called later. */
	n_known = 0;
	program->path = (char *)path;
	program->dynamic = true;
	program->class = program->class ? program->class : ELFCLASS64;
	texts_add(&program->needed, "%s", a);
	if (b)
		texts_add(&program->needed, "%s", b);
	out = loads(program);
	texts_free(&program->needed);
	program->needed = (struct texts){ NULL, 0 };
	return out;
}

#define LOADS(wanted, path, a, b, ...) \
	TEXT_IS(a, needs(&(struct object){ __VA_ARGS__ }, path, a, b), wanted)

static void begin(void)
{
	static const char *const dirs[] = {
		"/tmp/bin",   "/tmp/cached",
		"/tmp/lib",   "/tmp/lib/i386-linux-gnu",
		"/tmp/lib64", "/tmp/lib/x86_64-linux-gnu",
	};
	char path[64];

	lacking = false;
	system_has = "";
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		make_dir(dirs[i], 0, 0755);
		snprintf(path, sizeof path, "%s/libx.so", dirs[i]);
		write_text(path, strstr(path, "i386") ? "32" : "");
	}
	write_text("/tmp/bin/prog", "");
}

static void where_lib_is(void)
{
	begin();
	make_dir("/tmp/32", 0, 0755);
	make_dir("/tmp/32/lib", 0, 0755);
	write_text("/tmp/32/lib/libx.so", "32");
	/* Of a system with both, and of each. */
	system_has = "/lib/x86_64-linux-gnu /lib/i386-linux-gnu /lib64";
	LOADS("/tmp/lib/x86_64-linux-gnu/libx.so ", "/p", "libx.so", NULL,
	      .machine = EM_X86_64, .runpath = (char *)"/tmp/$LIB");
	LOADS("/tmp/lib64/libx.so ", "/p", "libx.so", NULL, .machine = EM_AARCH64,
	      .runpath = (char *)"/tmp/${LIB}");
	LOADS("/tmp/lib/i386-linux-gnu/libx.so ", "/p", "libx.so", NULL,
	      .class = ELFCLASS32, .machine = EM_386, .runpath = (char *)"/tmp/$LIB");
	system_has = "/lib64";
	LOADS("/tmp/lib64/libx.so ", "/p", "libx.so", NULL, .machine = EM_X86_64,
	      .runpath = (char *)"/tmp/$LIB");
	LOADS("/tmp/32/lib/libx.so ", "/p", "libx.so", NULL, .class = ELFCLASS32,
	      .runpath = (char *)"/tmp/32/$LIB");
	system_has = "";
	LOADS("/tmp/lib/libx.so ", "/p", "libx.so", NULL, .machine = EM_X86_64,
	      .runpath = (char *)"/tmp/$LIB");
	/* What is no variable stands for itself. */
	LOADS("libx.so! ", "/p", "libx.so", NULL,
	      .runpath = (char *)"/tmp/${LIB:/tmp/$X");
}

static void origins(void)
{
	char *longest = malloc(PATH_MAX + 64);

	begin();
	make_link("/tmp/bin/prog", "/tmp/other", 0);
	LOADS("/tmp/bin/libx.so ", "/tmp/bin/prog", "libx.so", NULL,
	      .runpath = (char *)"$ORIGIN");
	LOADS("/tmp/bin/../lib/libx.so ", "/tmp/other", "libx.so", NULL,
	      .rpath = (char *)"/nowhere:${ORIGIN}/../lib");
	/* That is gone, and in no directory that is named. */
	LOADS("/tmp/lib/libx.so ", "/tmp/lib/gone", "libx.so", NULL,
	      .runpath = (char *)"$ORIGIN");
	MUST(chdir("/tmp/lib64") == 0);
	LOADS("./libx.so ", "gone", "libx.so", NULL, .runpath = (char *)"$ORIGIN");
	/* A library's is where it was found, though a link leads on. */
	write_text("/tmp/lib64/liby.so", "runpath $ORIGIN\nneeds libx.so\n");
	make_link("/tmp/lib64/liby.so", "/tmp/cached/liby.so", 0);
	LOADS("/tmp/cached/liby.so /tmp/cached/libx.so ", "/p", "liby.so", NULL,
	      .runpath = (char *)"/tmp/cached");
	/* What is too long is left out, as is what is empty. */
	memset(longest, 'x', PATH_MAX);
	strcpy(longest + PATH_MAX, ":::/tmp/lib:");
	LOADS("/tmp/lib/libx.so ", "/p", "libx.so", NULL, .runpath = longest);
	memset(longest, 'x', PATH_MAX - 8);
	strcpy(longest + PATH_MAX - 8, "$ORIGIN:/tmp/lib");
	LOADS("/tmp/lib/libx.so ", "/tmp/bin/prog", "libx.so", NULL, .runpath = longest);
	LOADS("libx.so! ", "/p", "libx.so", NULL, .runpath = (char *)"");
	free(longest);
}

static void names(void)
{
	static char longest[3 * PATH_MAX];
	struct object *own;

	begin();
	write_text("/tmp/lib/libown.so.1.2", "soname libown.so.1\n");
	make_link("libown.so.1.2", "/tmp/lib/libown.so", 0);
	/* Once, by whatever name it is asked for. */
	LOADS("/tmp/lib/libown.so ", "/p", "libown.so", "libown.so.1",
	      .runpath = (char *)"/tmp/lib");
	LOADS("/tmp/lib/libown.so ", "/p", "libown.so", "libown.so",
	      .runpath = (char *)"/tmp/lib");
	LOADS("/tmp/lib/libown.so ", "/p", "libown.so", "libown.so.1.2",
	      .runpath = (char *)"/tmp/lib");
	LOADS("/tmp/lib/libx.so ", "/p", "libx.so", "/tmp/lib/libx.so",
	      .runpath = (char *)"/tmp/lib");
	/* A path is no name. */
	LOADS("/tmp/lib/libx.so ", "/p", "/tmp/lib/libx.so", NULL, .class = 0);
	LOADS("/tmp/lib/none/libx.so! ", "/p", "/tmp/lib/none/libx.so", NULL, .class = 0);
	/* Missing, once; a directory and what is no library are. */
	make_dir("/tmp/lib/libdir.so", 0, 0755);
	write_text("/tmp/lib/libbad.so", "none");
	LOADS("libnone.so! ", "/p", "libnone.so", "libnone.so", .class = 0);
	LOADS("libdir.so! libbad.so! ", "/p", "libdir.so", "libbad.so",
	      .runpath = (char *)"/tmp/lib");
	memset(longest, 'x', sizeof longest - 1);
	needs(&(struct object){ .runpath = (char *)"/tmp/lib" }, "/p", longest, NULL);
	LOADS("/tmp/lib/libx.so ", "/p", "libx.so", NULL, .runpath = (char *)"/tmp/lib");
	/* One for another machine is passed by. */
	write_text("/tmp/cached/32.so", "32\n");
	write_text("/tmp/cached/64.so", "");
	LOADS("/tmp/cached/64.so ", "/p", "libcached.so", NULL, .class = 0);
	/* What a library needs that needs itself is not another one. */
	write_text("/tmp/lib/libself.so",
		   "needs libself.so\nneeds libx.so\nrunpath /tmp/lib\n");
	own = read_once("/tmp/lib/libself.so");
	own->dynamic = true;
	TEXT_IS("itself", loads(own), "/tmp/lib/libx.so ");
	own->dynamic = false;
	TEXT_IS("not dynamic", loads(own), "");
}

static void lists_of_both_kinds(void)
{
	begin();
	/* The old kind holds for what the libraries need, unless there is one of the new kind. */
	write_text("/tmp/cached/libold.so", "needs libx.so\n");
	write_text("/tmp/cached/libnew.so", "needs libx.so\nrunpath /nowhere\n");
	LOADS("/tmp/cached/libold.so /tmp/cached/libx.so ", "/p", "libold.so", NULL,
	      .rpath = (char *)"/tmp/cached");
	LOADS("/tmp/cached/libold.so libx.so! ", "/p", "libold.so", NULL,
	      .runpath = (char *)"/tmp/cached");
	LOADS("/tmp/cached/libnew.so libx.so! ", "/p", "libnew.so", NULL,
	      .rpath = (char *)"/tmp/cached");
	LOADS("/tmp/lib/libx.so ", "/p", "libx.so", NULL, .rpath = (char *)"/tmp/cached",
	      .runpath = (char *)"/tmp/lib");
	/* musl: one kind, for all. */
	LOADS("/tmp/cached/libold.so /tmp/cached/libx.so ", "/p", "libold.so", NULL,
	      .runpath = (char *)"/tmp/cached",
	      .interpreter = (char *)"/lib/ld-musl-none.so.1");
}

static void musl(void)
{
	static char longest[PATH_MAX + 64] = "/lib/ld-musl-";

	begin();
	write_text("/tmp/lib/ld-musl-none.so.1", "");
	LOADS("/tmp/lib/ld-musl-none.so.1 ", "/p", "libc.so", "libc.musl-x86_64.so.1",
	      .interpreter = (char *)"/tmp/lib/ld-musl-none.so.1");
	LOADS("libc.so.6! ", "/p", "libc.so.6", NULL,
	      .interpreter = (char *)"/tmp/lib/ld-musl-none.so.1");
	/* Where it has no list of its own, and where that can have no name. */
	MUST(mount("lib", "/usr/local/lib", "tmpfs", 0, "mode=755") == 0);
	write_text("/usr/local/lib/libmusl-only.so", "");
	LOADS("/usr/local/lib/libmusl-only.so ", "/p", "libmusl-only.so", NULL,
	      .interpreter = (char *)"/tmp/lib/ld-musl-none.so.1");
	LOADS("/usr/local/lib/libmusl-only.so ", "/p", "libmusl-only.so", NULL,
	      .interpreter = (char *)"ld-musl-none");
	memset(longest + strlen(longest), 'x', PATH_MAX);
	LOADS("/usr/local/lib/libmusl-only.so ", "/p", "libmusl-only.so", NULL,
	      .interpreter = longest);
	MUST(umount2("/usr/local/lib", MNT_DETACH) == 0);
}

static void limits(void)
{
	struct object many = { .path = (char *)"/p",
			       .dynamic = true,
			       .class = ELFCLASS64,
			       .runpath = (char *)"/tmp/many" };
	struct libraries found;
	char path[64];

	begin();
	/* Of the same number on two file systems. */
	clear();
	write_text("/tmp/liba.so", "soname a\n");
	write_text("/var/tmp/liba.so", "soname b\n");
	LOADS("/tmp/liba.so /var/tmp/liba.so ", "/p", "/tmp/liba.so", "/var/tmp/liba.so",
	      .class = 0);
	make_dir("/tmp/many", 0, 0755);
	for (int i = 0; i < MOST + 3; i++) {
		snprintf(path, sizeof path, "/tmp/many/lib%d.so", i);
		write_text(path, "");
		texts_add(&many.needed, "lib%d.so", i);
	}
	libraries_find(&many, &found);
	IS(found.n, MOST);
	IS(found.missing.n, 0);
	libraries_free(&found);
	/* Without memory nothing is found, and what was read is not forgotten. */
	write_text("/tmp/many/libnew.so", "");
	lacking = true;
	TRUE(!read_once("/tmp/many/libnew.so"));
	TRUE(read_once("/tmp/many/lib1.so"));
	libraries_find(&many, &found);
	IS(found.n + found.missing.n, 0);
	libraries_free(&found);
	lacking = false;
	TRUE(read_once("/tmp/many/libnew.so"));
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "where_lib_is", where_lib_is },
		{ "origins", origins },
		{ "names", names },
		{ "lists", lists_of_both_kinds },
		{ "musl", musl },
		{ "limits", limits },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
