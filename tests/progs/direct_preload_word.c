/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * By which word the shim was preloaded (wrap/preload_word.c): from the environment, from the
 * strings that the kernel copied, or from the linker's arguments. See direct.h.
 */
#include "core/initial_stack.h"

#include <sys/auxv.h>

/* What the kernel gave this program, in a test. */
static const long *stack_given;
static unsigned long random_given, name_given, base_given;

static unsigned long auxiliary(unsigned long type)
{
	return type == AT_RANDOM ? random_given :
	       type == AT_EXECFN ? name_given :
				   base_given;
}
#define getauxval(type) auxiliary(type)
#define initial_stack() stack_given

#include "wrap/preload_word.c"

#include "direct.h"

#define NAME "libprivtmp.so"
#define IN(dir) dir "/" NAME

/* Where the linker found the shim; NULL: not known. */
static struct link_map own_map, *own;

const struct link_map *symbols_own(void)
{
	return own;
}

static void own_is(const char *path)
{
	own = path ? &own_map : NULL;
	own_map.l_name = (char *)path;
}

static void words(void)
{
	static const struct {
		const char *value;
		int at, len; /* -1: none */
	} row[] = {
		{ "", -1, 0 },
		{ NAME, 0, 13 },
		{ IN("/a"), 0, 16 },
		{ "x.so:" IN("/a") ":y", 5, 16 },
		{ ": :x  " NAME " " IN("/b"), 6, 13 },
		{ "x" NAME, -1, 0 },
		{ NAME ".1", -1, 0 },
		{ NAME "/", -1, 0 },
		{ "libprivtmp.sp /libprivtmp.a", -1, 0 },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		size_t len = 0;
		const char *found = preload_find(row[i].value, &len);

		IS(found ? found - row[i].value : -1, row[i].at);
		if (found)
			IS(len, row[i].len);
	}
}

/* The kernel's strings: of 4 random bytes, an argument, a variable, and the program's name. */
static char strings[512];

/* Where the last argument is said to lie. */
enum last { LAST, NO_STACK, NO_ARGUMENTS, NO_LAST, BEFORE, BEHIND };

static void give(const char *argument, const char *variable, enum last last)
{
	static long stack[3];
	char *at = strings + 16, *first;

	memset(strings, 'r', 16);
	first = at = stpcpy(at, "random") + 1;
	at = stpcpy(at, argument) + 1;
	at = stpcpy(at, variable) + 1;
	strcpy(at, "/bin/program");
	random_given = (unsigned long)(strings + 16);
	name_given = (unsigned long)at;
	stack[0] = last != NO_ARGUMENTS;
	stack[1] = last == NO_LAST ? 0 :
		   last == BEFORE  ? (long)strings :
		   last == BEHIND  ? (long)(strings + sizeof strings) :
				     (long)first;
	stack_given = last == NO_STACK ? NULL : stack;
}

static void given(void)
{
	static char *none[] = { NULL },
		    *by_variable[] = { (char *)"A=1", (char *)PRELOAD "=x:" NAME " y",
				       NULL };
	static const struct {
		const char *argument, *variable, *own;
		enum last last;
		const char *word;
	} row[] = {
		{ "a", PRELOAD "=" IN("/a"), IN("/a"), LAST, IN("/a") },
		{ "a", PRELOAD "=x:" IN("/a"), IN("/a"), LAST, IN("/a") },
		{ "a", PRELOAD "=" IN("/a"), IN("/b"), LAST, NULL },
		{ "a", PRELOAD "=" IN("/a"), IN("/ab"), LAST, NULL },
		{ "a", PRELOAD "=" IN("/a"), NULL, LAST, NULL },
		{ "a", PRELOAD "=" NAME, IN("/a"), LAST, IN("/a") },
		{ "a", PRELOAD "=" NAME, NAME, LAST, NAME },
		{ "a", PRELOAD "=/$LIB/" NAME, IN("/usr/lib"), LAST, IN("/usr/lib") },
		{ "a", PRELOAD "=/x/$LIB/" NAME, IN("/usr/lib"), LAST, NULL },
		/* In a list it would be two words. */
		{ "a", PRELOAD "=" NAME, IN("/a b"), LAST, NULL },
		{ "a", PRELOAD "=/x/other.so", IN("/a"), LAST, NULL },
		{ "a", PRELOAD "X=" IN("/a"), IN("/a"), LAST, NULL },
		/* An argument is no variable, where it can be told. */
		{ PRELOAD "=" IN("/a"), "A=1", IN("/a"), LAST, NULL },
		{ PRELOAD "=" IN("/a"), "A=1", IN("/a"), NO_STACK, IN("/a") },
		{ PRELOAD "=" IN("/a"), "A=1", IN("/a"), NO_ARGUMENTS, IN("/a") },
		{ PRELOAD "=" IN("/a"), "A=1", IN("/a"), NO_LAST, IN("/a") },
		{ PRELOAD "=" IN("/a"), "A=1", IN("/a"), BEFORE, IN("/a") },
		{ PRELOAD "=" IN("/a"), "A=1", IN("/a"), BEHIND, IN("/a") },
	};
	size_t len = 0;

	environ = none;
	base_given = 1;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		const char *word;

		give(row[i].argument, row[i].variable, row[i].last);
		own_is(row[i].own);
		word = preload_given(&len);
		TEXT_IS("the word", word, row[i].word);
		if (word)
			IS(len, strlen(word));
	}
	/* Strings that lie otherwise than the kernel puts them. */
	own_is(IN("/a"));
	give("a", PRELOAD "=" IN("/a"), LAST);
	((char *)name_given)[-1] = 'x';
	TEXT_IS("not after an end", preload_given(&len), NULL);
	give("a", PRELOAD "=" IN("/a"), LAST);
	name_given = random_given;
	TEXT_IS("the name first", preload_given(&len), NULL);
	random_given = 0;
	TEXT_IS("no random bytes", preload_given(&len), NULL);
	environ = by_variable;
	TEXT_IS("the variable", preload_given(&len), by_variable[1] + sizeof PRELOAD + 2);
	IS(len, strlen(NAME));
}

static void loader(void)
{
	static char *none[] = { NULL };
	static const struct {
		unsigned long base;
		const char *own, *word;
	} row[] = {
		{ 0, IN("/a"), IN("/a") }, { 1, IN("/a"), NULL },
		{ 0, NULL, NULL },	   { 0, NAME, NULL },
		{ 0, IN("/a:b"), NULL },   { 0, "/a/other.so", NULL },
	};
	size_t len;

	environ = none;
	random_given = 0;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		base_given = row[i].base;
		own_is(row[i].own);
		TEXT_IS("the word", preload_given(&len), row[i].word);
	}
}

static void lasting_is(const char *word, size_t size, const char *wanted)
{
	char to[4096];
	const size_t len = preload_lasting(word, strlen(word), to, size);

	TEXT_IS(word, len ? to : NULL, wanted);
	if (wanted)
		IS(len, strlen(wanted));
}

static void unreachable(void)
{
	MUST(chdir("/tmp") == 0 && chroot("/var/tmp") == 0);
	lasting_is("./" NAME, 4096, NULL);
}

static void lasting(void)
{
	static const struct {
		const char *word, *list, *own, *wanted;
	} row[] = {
		{ IN("/x"), "/x", IN("/x"), NULL },
		{ "$LIB/" NAME, "/x", IN("/x"), NULL },
		{ NAME, NULL, IN("/x"), NULL },
		{ NAME, "/x", NULL, NULL },
		{ NAME, "/x:/y", IN("/y"), IN("/y") },
		{ NAME, "/x;/y//", IN("/y"), IN("/y") },
		{ NAME, "/x:/z", IN("/y"), NULL },
		{ NAME, "/", "/" NAME, NULL },
		/* An empty element is the working directory. */
		{ NAME, "/x:", NAME, IN("/tmp") },
		{ NAME, "", NAME, IN("/tmp") },
		{ NAME, "", IN("/y"), NULL },
		{ NAME, "a", IN("a"), IN("/tmp/a") },
		/* The linker searches these without it. */
		{ NAME, "/lib", IN("/lib"), NULL },
		{ NAME, "/lib64", IN("/lib64"), NULL },
		{ NAME, "/usr/libx32", IN("/usr/libx32"), NULL },
		{ NAME, "/usr/lib/x86_64-linux-gnu", IN("/usr/lib/x86_64-linux-gnu"),
		  NULL },
		{ NAME, "/usr/lib/x86_64-linux-gnu/a", IN("/usr/lib/x86_64-linux-gnu/a"),
		  IN("/usr/lib/x86_64-linux-gnu/a") },
		{ NAME, "/usr/lib/privtmp", IN("/usr/lib/privtmp"),
		  IN("/usr/lib/privtmp") },
		{ NAME, "/usr/libs", IN("/usr/libs"), IN("/usr/libs") },
		{ NAME, "/opt/lib", IN("/opt/lib"), IN("/opt/lib") },
		{ IN("a"), NULL, IN("/x"), IN("/tmp/a") },
	};
	static char variable[256], *environment[] = { variable, NULL },
				   *none[] = { NULL };

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		snprintf(variable, sizeof variable, "LD_LIBRARY_PATH=%s",
			 row[i].list ? row[i].list : "");
		environ = row[i].list ? environment : none;
		own_is(row[i].own);
		lasting_is(row[i].word, 4096, row[i].wanted);
	}
	/* "/tmp/a/libprivtmp.so" and its end. */
	lasting_is(IN("a"), 21, IN("/tmp/a"));
	lasting_is(IN("a"), 20, NULL);
	lasting_is(IN("a"), 5, NULL);
	lasting_is(IN("a"), 4, NULL);
	make_dir("/tmp/a:b", 0, 0755);
	MUST(chdir("/tmp/a:b") == 0);
	lasting_is(IN("a"), 4096, NULL);
	make_dir("/tmp/gone", 0, 0755);
	MUST(chdir("/tmp/gone") == 0 && rmdir("/tmp/gone") == 0);
	lasting_is(IN("a"), 4096, NULL);
	in_child(unreachable);
	MUST(chdir("/tmp") == 0);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = { { "words", words },
						    { "given", given },
						    { "loader", loader },
						    { "lasting", lasting },
						    { NULL, NULL } };

	return direct_main(tests, argc, argv);
}
