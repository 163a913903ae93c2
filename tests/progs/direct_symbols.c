/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How functions are found in the tables of objects, and how libc's table is changed
 * (wrap/symbols.c): by tables made here, as linkers make them and as old ones did. See
 * direct.h.
 */
#include "wrap/symbols.c"

#include "direct.h"
#include <dlfcn.h>
#include <sys/resource.h>

enum { MOST = 16, VALUE = 0x1000, HIDE = HIDDEN, FIRST = 2, SECOND = 3 };

/* A symbol of a table; its value is VALUE and its place in the table. */
struct row {
	const char *name;
	unsigned version; /* its number, and HIDE */
	unsigned char bind, type;
	bool undefined, zero;
};

/* An object in pages of its own. */
struct made {
	ElfW(Sym) symbols[MOST];
	char names[512];
	uint32_t sysv[2 + 1 + MOST];
	struct {
		uint32_t head[4];
		ElfW(Addr) filter;
		uint32_t bucket, chain[MOST];
	} gnu;
	ElfW(Half) versions[MOST];
	struct {
		ElfW(Verdef) def;
		ElfW(Verdaux) aux;
	} defined[2];
	ElfW(Dyn) dynamic[8];
};

static struct made *make_object(const struct row *row)
{
	struct made *o = mmap(NULL, sizeof *o, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint32_t n = 1;
	size_t to = 1;

	MUST(o != MAP_FAILED);
	for (unsigned v = 0; v < 2; v++) {
		o->defined[v].def.vd_ndx = (ElfW(Half))(FIRST + v);
		o->defined[v].def.vd_aux = sizeof o->defined[v].def;
		o->defined[v].def.vd_next = v ? 0 : sizeof *o->defined;
		o->defined[v].aux.vda_name = (ElfW(Word))to;
		to += (size_t)sprintf(o->names + to, "V_%u", v + 1) + 1;
	}
	for (; row->name; row++, n++) {
		ElfW(Sym) *symbol = &o->symbols[n];

		symbol->st_name = (ElfW(Word))to;
		to += (size_t)sprintf(o->names + to, "%s", row->name) + 1;
		symbol->st_info = (unsigned char)(row->bind << 4 | row->type);
		symbol->st_shndx = row->undefined ? SHN_UNDEF : 1;
		symbol->st_value = row->zero ? 0 : VALUE + n;
		o->versions[n] = (ElfW(Half))row->version;
		/* One bucket, and all in it. */
		o->sysv[2 + 1 + n] = n > 1 ? n - 1 : 0;
		o->gnu.chain[n - 1] = gnu_hash(row->name) & ~1U;
	}
	o->sysv[0] = 1;
	o->sysv[1] = n;
	o->sysv[2] = n - 1;
	if (n > 1)
		o->gnu.chain[n - 2] |= 1;
	o->gnu.head[0] = o->gnu.head[1] = o->gnu.head[2] = 1;
	o->gnu.filter = ~(ElfW(Addr))0;
	o->gnu.bucket = n > 1 ? 1 : 0;
	return o;
}

enum tables { GNU = 1, SYSV = 2, VERSIONS = 4, DEFINED = 8, ALL = 15 };

static bool read_object(struct object *o, struct made *made, unsigned tables)
{
	const struct {
		ElfW(Sxword) tag;
		const void *table;
		unsigned of;
	} entries[] = {
		{ DT_SYMTAB, made->symbols, 0 },
		{ DT_STRTAB, made->names, 0 },
		{ DT_GNU_HASH, &made->gnu, GNU },
		{ DT_HASH, made->sysv, SYSV },
		{ DT_VERSYM, made->versions, VERSIONS },
		{ DT_VERDEF, made->defined, DEFINED },
	};
	const uintptr_t base = (uintptr_t)made;
	unsigned n = 0;

	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
		if (!entries[i].of || (tables & entries[i].of)) {
			const uintptr_t at = (uintptr_t)entries[i].table;

			made->dynamic[n].d_tag = entries[i].tag;
			/* With the base added, and without. */
			made->dynamic[n++].d_un.d_ptr = i % 2 ? at : at - base;
		}
	made->dynamic[n].d_tag = DT_NULL;
	return object_read(o, base, made->dynamic);
}

static long found(const struct object *o, const char *name, const char *version)
{
	const char *at = object_find(o, name, gnu_hash(name), version);

	return at ? at - (const char *)o->base - VALUE : 0;
}

#define FUNCTION STB_GLOBAL, STT_FUNC

static const struct row rows[] = {
	{ "both", FIRST | HIDE, FUNCTION, false, false },	  /* 1 */
	{ "both", SECOND, FUNCTION, false, false },		  /* 2 */
	{ "old", FIRST | HIDE, FUNCTION, false, false },	  /* 3 */
	{ "weak", SECOND, STB_WEAK, STT_NOTYPE, false, false },	  /* 4 */
	{ "data", SECOND, STB_GLOBAL, STT_OBJECT, false, false }, /* 5 */
	{ "local", SECOND, STB_LOCAL, STT_FUNC, false, false },	  /* 6 */
	{ "elsewhere", SECOND, FUNCTION, true, false },		  /* 7 */
	{ "nowhere", SECOND, FUNCTION, false, true },		  /* 8 */
	{ "plain", UNVERSIONED, FUNCTION, false, false },	  /* 9 */
	{ "unknown", 99, FUNCTION, false, false },		  /* 10 */
	{ "bot", SECOND, FUNCTION, false, false },		  /* 11 */
	{ NULL, 0, 0, 0, false, false },
};

/* By either hash table the same is found, in the version that is asked for. */
static void look_up(void)
{
	static const unsigned hashes[] = { GNU, SYSV, GNU | SYSV };
	struct made *made = make_object(rows);
	struct object o;

	for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
		TRUE(read_object(&o, made, hashes[i] | VERSIONS | DEFINED));
		IS(found(&o, "both", NULL), 2);
		IS(found(&o, "both", "V_1"), 1);
		IS(found(&o, "both", "V_2"), 2);
		IS(found(&o, "both", "V_3"), 0);
		IS(found(&o, "old", NULL), 3);
		IS(found(&o, "old", "V_2"), 0);
		IS(found(&o, "weak", "V_2"), 4);
		IS(found(&o, "bot", NULL), 11);
		/* Without a version, or in one that is not named, it suits all. */
		IS(found(&o, "plain", "V_1"), 9);
		IS(found(&o, "unknown", "V_1"), 10);
		for (const char *const *name =
			     (const char *const[]){ "data", "local", "elsewhere",
						    "nowhere", "none", "", "bothe",
						    NULL };
		     *name; name++)
			IS(found(&o, *name, NULL), 0);
		IS(object_count(&o), 12);
		/* No versions: the first in the table's order. */
		TRUE(read_object(&o, made, hashes[i]));
		TRUE(found(&o, "both", "V_2") != 0);
		TRUE(read_object(&o, made, hashes[i] | VERSIONS));
		TRUE(found(&o, "old", "V_2") == 3);
	}
	/* A name that the filter does not have is not looked for. */
	TRUE(read_object(&o, made, ALL));
	made->gnu.filter = 0;
	IS(found(&o, "both", NULL), 0);
	made->gnu.filter = (ElfW(Addr))1
			   << gnu_hash("both") % (8 * sizeof made->gnu.filter);
	made->gnu.head[3] = 7;
	IS(found(&o, "both", NULL), 0);
}

/* No memory, or as much as there is; what the stack needs is there. */
static void memory(bool some)
{
	const struct rlimit most = { some ? RLIM_INFINITY : 0, RLIM_INFINITY };
	volatile char room[65536];

	for (size_t i = 0; i < sizeof room; i += 1024)
		room[i] = 0;
	MUST(setrlimit(RLIMIT_AS, &most) == 0);
}

/* Tables with nothing in them, and objects that lack one. */
static void lacking(void)
{
	static const struct row none[] = { { NULL, 0, 0, 0, false, false } };
	struct made *made = make_object(none);
	struct object o;

	TRUE(read_object(&o, made, ALL));
	IS(found(&o, "both", NULL), 0);
	TRUE(read_object(&o, made, GNU));
	IS(object_count(&o), 1);
	made->gnu.head[0] = 0;
	IS(found(&o, "both", NULL), 0);
	made->sysv[0] = 0;
	TRUE(read_object(&o, made, SYSV));
	IS(found(&o, "both", NULL), 0);
	FALSE(read_object(&o, made, VERSIONS));
	FALSE(object_read(&o, (uintptr_t)made, made->dynamic + 1));
	FALSE(object_read(&o, (uintptr_t)made, NULL));
	/* The names alone. */
	made->dynamic[0].d_tag = DT_NEEDED;
	FALSE(object_read(&o, (uintptr_t)made, made->dynamic));
	made->dynamic[0].d_tag = DT_SYMTAB;
	made->dynamic[1].d_tag = DT_NEEDED;
	FALSE(object_read(&o, (uintptr_t)made, made->dynamic));
}

static long value_of(const struct object *o, uint32_t i)
{
	return (long)(o->symbols[i].st_value + o->base);
}

/* What leads to the shim: its functions, old versions by those for old programs alone. */
static void some(void)
{
	static const struct row ours[] = {
		{ "both", UNVERSIONED, FUNCTION, false, false },
		{ "old", FIRST | HIDE, FUNCTION, false, false },
		{ "both", FIRST | HIDE, FUNCTION, false, false },
		{ "weak", UNVERSIONED | HIDE, FUNCTION, false, false },
		{ "plain", FIRST | HIDE, FUNCTION, false, false },
		{ "data", UNVERSIONED, STB_GLOBAL, STT_OBJECT, false, false },
		{ "absent", UNVERSIONED, FUNCTION, false, false },
		{ NULL, 0, 0, 0, false, false },
	};
	struct made *theirs = make_object(rows), *made = make_object(ours);
	struct object o, own;
	const long us = (long)(uintptr_t)made + VALUE;
	const long them = (long)(uintptr_t)theirs + VALUE;

	TRUE(read_object(&o, theirs, ALL) && read_object(&own, made, ALL));
	/* No memory: the table is as it was. */
	memory(false);
	FALSE(lead_object(&parts[0], &o, &own));
	memory(true);
	IS(value_of(&o, 2), them + 2);
	/* Twice, as by two threads. */
	for (int i = 0; i < 2; i++) {
		TRUE(lead_object(&parts[0], &o, &own));
		IS(value_of(&o, 1), us + 3);
		IS(value_of(&o, 2), us + 1);
		IS(value_of(&o, 3), us + 2);
		for (uint32_t n = 4; n < 12; n++)
			if (n != 8)
				IS(value_of(&o, n), them + n);
		/* What we call ourselves is what was there. */
		IS(found(&o, "both", NULL), 2);
		IS(found(&o, "old", NULL), 3);
	}
	IS(found(&own, "both", NULL), 1);
}

/* On the machine's own libc. */
static void whole(void)
{
	FALSE(symbols_led());
	memory(false);
	FALSE(symbols_lead());
	FALSE(symbols_led());
	memory(true);
	TRUE(symbols_lead() && symbols_led());
	TRUE(symbols_lead());
}

/* In processes of their own: what has been led stays so. */
static void lead(void)
{
	in_child(some);
	in_child(whole);
}

static void parts_of_libc(void)
{
	static const char *const yes[] = { "/lib/libc.so.6",	       "libc-2.31.so",
					   "/lib/ld-musl-x86_64.so.1", "/a/b/librt.so.1",
					   "libc.musl-x86_64.so.1",    NULL },
				 *const no[] = { "",
						 "/lib/libcrypt.so.1",
						 "/libc.so/other",
						 "/lib/libc",
						 "lib",
						 NULL };

	for (const char *const *name = yes; *name; name++)
		TRUE(is_libc(*name));
	for (const char *const *name = no; *name; name++)
		FALSE(is_libc(*name));
}

/* Objects of this process, by what the linker lists. */
static void objects(void)
{
	void *const opened = dlsym(RTLD_NEXT, "mkdtemp");
	const struct link_map *own = symbols_own(), *libc, *behind;
	void *none = NULL;
	char here;

	MUST(own && opened);
	/* The program is no library. */
	FALSE(symbols_object_of(&here));
	libc = symbols_object_of(opened);
	TRUE(libc && is_libc(libc->l_name));
	FALSE(symbols_hold(libc, (const char *)libc->l_addr - 1));
	FALSE(symbols_hold(libc, &here));
	TRUE(symbols_next(own, "mkdtemp", NULL) == opened);
	TRUE(!symbols_next(own, "no_such_function", NULL));
	symbols_start();
	TRUE(symbols_next(own, "mkdtemp", NULL) == opened);
	TRUE(!symbols_next(own, "no_such_function", NULL));
	for (behind = own; behind->l_next;)
		behind = behind->l_next;
	/* Behind libc there is nothing: what comes before it counts. */
	TRUE(symbols_next(behind, "mkdtemp", NULL) == opened);
	TRUE(!symbols_next(behind, "no_such_function", NULL));
	TRUE(LIBC(mkdtemp) == opened);
	TRUE(symbols_libc(&none, "no_such_function") == NULL);
	FALSE(symbols_are_ours("mkdtemp"));
	TRUE(!symbols_host());
	TRUE(symbols_space(0) && !symbols_space(99));
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "look_up", look_up },	    { "lacking", lacking }, { "lead", lead },
		{ "parts", parts_of_libc }, { "objects", objects }, { NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
