/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads symbol tables of objects, and changes libc's; see symbols.h.
 *
 * Mostly only objects that were there at the start are read: these are never unloaded.
 * No function of libc's is used, because the sanitizers call this before they are
 * ready.
 */
#define _GNU_SOURCE
#include "wrap/symbols.h"
#include "policy/view.h"
#include "core/layout.h"
#include "core/sys.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

/* Numbers in the version table. HIDDEN: for old programs only. */
enum { NUMBER = 0x7fff, HIDDEN = 0x8000, UNVERSIONED = 1 };

struct object {
	uintptr_t base;
	const ElfW(Sym) * symbols;
	const char *names;
	const uint32_t *gnu, *sysv;  /* hash tables; either may be NULL */
	const ElfW(Half) * versions; /* of each symbol; may be NULL */
	const ElfW(Verdef) * defined;
};

extern const char own_start[] __asm__("__ehdr_start")
	__attribute__((visibility("hidden")));
extern ElfW(Dyn) own_dynamic[] __asm__("_DYNAMIC") __attribute__((visibility("hidden")));

/* -- Text -- */

NO_SANITIZE static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* Whether TEXT begins with START. */
NO_SANITIZE static bool begins(const char *text, const char *start)
{
	while (*start && *text == *start) {
		text++;
		start++;
	}
	return !*start;
}

/* -- An object's tables -- */

NO_SANITIZE static bool object_read(struct object *o, uintptr_t base,
				    const ElfW(Dyn) * entry)
{
	o->base = base;
	o->symbols = NULL;
	o->names = NULL;
	o->gnu = o->sysv = NULL;
	o->versions = NULL;
	o->defined = NULL;
	for (; entry && entry->d_tag != DT_NULL; entry++) {
		uintptr_t at = entry->d_un.d_ptr;
		/* Some linkers have added the base, others have not. */
		const void *table = (const void *)(at < base ? at + base : at);

		switch (entry->d_tag) {
		case DT_SYMTAB: o->symbols = table; break;
		case DT_STRTAB: o->names = table; break;
		case DT_GNU_HASH: o->gnu = table; break;
		case DT_HASH: o->sysv = table; break;
		case DT_VERSYM: o->versions = table; break;
		case DT_VERDEF: o->defined = table; break;
		default: break;
		}
	}
	return o->symbols && o->names && (o->gnu || o->sysv);
}

NO_SANITIZE static bool is_function(const ElfW(Sym) * symbol)
{
	unsigned type = symbol->st_info & 0xf, bind = symbol->st_info >> 4;

	return symbol->st_shndx != SHN_UNDEF && symbol->st_value &&
	       (type == STT_FUNC || type == STT_NOTYPE) &&
	       (bind == STB_GLOBAL || bind == STB_WEAK);
}

/* The name of version NUMBER, or NULL. */
NO_SANITIZE static const char *version_name(const struct object *o, unsigned number)
{
	const ElfW(Verdef) *def = o->defined;

	if (number <= UNVERSIONED)
		return NULL;
	while (def && def->vd_ndx != number)
		def = def->vd_next ? (const void *)((const char *)def + def->vd_next) :
				     NULL;
	if (!def)
		return NULL;
	return o->names +
	       ((const ElfW(Verdaux) *)((const char *)def + def->vd_aux))->vda_name;
}

/* The version number of symbol I; 0: none. */
NO_SANITIZE static unsigned number_of(const struct object *o, uint32_t i)
{
	return o->versions ? o->versions[i] : UNVERSIONED;
}

/* Iterates over all symbols named NAME. */
struct cursor {
	const struct object *o;
	const char *name;
	uint32_t hash, next;
	const uint32_t *chain; /* of the GNU table */
	uint32_t first;	       /* the first symbol in it */
};

NO_SANITIZE static uint32_t gnu_hash(const char *name)
{
	uint32_t h = 5381;

	for (; *name; name++)
		h = h * 33 + (unsigned char)*name;
	return h;
}

NO_SANITIZE static uint32_t sysv_hash(const char *name)
{
	uint32_t h = 0;

	for (; *name; name++) {
		h = (h << 4) + (unsigned char)*name;
		h ^= (h >> 24) & 0xf0;
	}
	return h & 0xfffffff;
}

/*
 * The table: nbuckets, first symbol, words of the filter, its shift; filter, buckets,
 * chain.
 */
NO_SANITIZE static void cursor_start(struct cursor *c, const struct object *o,
				     const char *name, uint32_t gnu)
{
	c->o = o;
	c->name = name;
	c->next = 0;
	if (o->gnu) {
		const uint32_t *t = o->gnu;
		const ElfW(Addr) *filter = (const void *)(t + 4);
		const uint32_t *bucket = (const void *)(filter + t[2]);
		const unsigned bits = 8 * sizeof *filter;
		ElfW(Addr) word = filter[(gnu / bits) % t[2]];

		c->hash = gnu;
		c->first = t[1];
		c->chain = bucket + t[0];
		if (t[0] && (word >> (gnu % bits)) & 1 &&
		    (word >> ((gnu >> t[3]) % bits)) & 1)
			c->next = bucket[gnu % t[0]];
	} else if (o->sysv[0]) {
		c->hash = sysv_hash(name);
		c->next = o->sysv[2 + c->hash % o->sysv[0]];
	}
}

/* The next symbol's number, or 0. */
NO_SANITIZE static uint32_t cursor_next(struct cursor *c)
{
	const struct object *o = c->o;

	while (c->next) {
		uint32_t i = c->next;
		bool maybe = true;

		if (o->gnu) {
			uint32_t h = c->chain[i - c->first];

			maybe = (h | 1) == (c->hash | 1);
			c->next = h & 1 ? 0 : i + 1;
		} else {
			c->next = o->sysv[2 + o->sysv[0] + i];
		}
		if (maybe && is_function(&o->symbols[i]) &&
		    same(o->names + o->symbols[i].st_name, c->name))
			return i;
	}
	return 0;
}

/* The number of symbols. */
NO_SANITIZE static uint32_t object_count(const struct object *o)
{
	uint32_t last = 0;

	if (o->sysv)
		return o->sysv[1];
	const ElfW(Addr) *filter = (const void *)(o->gnu + 4);
	const uint32_t *bucket = (const void *)(filter + o->gnu[2]);
	const uint32_t *chain = bucket + o->gnu[0];

	for (uint32_t i = 0; i < o->gnu[0]; i++)
		if (bucket[i] > last)
			last = bucket[i];
	if (!last)
		return o->gnu[1];
	while (!(chain[last - o->gnu[1]] & 1))
		last++;
	return last + 1;
}

/* -- Objects in the linker's list -- */

#ifdef __GLIBC__
/* Since glibc 2.35 there is one per namespace: version 2, from the second namespace on. */
struct space {
	struct r_debug list;
	struct space *next;
};

/* The header declares a shorter struct. */
extern const struct space spaces __asm__("_r_debug");

NO_SANITIZE static const struct space *first_space(void)
{
	return &spaces;
}

NO_SANITIZE static const struct space *next_space(const struct space *space)
{
	return first_space()->list.r_version >= 2 ? space->next : NULL;
}
#else
struct space {
	struct r_debug list;
};

extern struct r_debug *_dl_debug_addr;

static const struct space *first_space(void)
{
	return (const struct space *)_dl_debug_addr;
}

static const struct space *next_space(const struct space *space)
{
	(void)space;
	return NULL;
}
#endif

NO_SANITIZE const struct link_map *symbols_own(void)
{
	static const struct link_map *own EACH_START;
	const struct link_map *found = __atomic_load_n(&own, __ATOMIC_RELAXED);

	for (const struct space *s = first_space(); s && !found; s = next_space(s)) {
		found = s->list.r_map;
		while (found && found->l_ld != own_dynamic)
			found = found->l_next;
	}
	__atomic_store_n(&own, found, __ATOMIC_RELAXED);
	return found;
}

const struct link_map *symbols_host(void)
{
	const struct link_map *own = symbols_own(), *map = first_space()->list.r_map;

	for (; own && map && map != own; map = map->l_next)
		if ((uintptr_t)map->l_ld - map->l_addr ==
			    (uintptr_t)own_dynamic - own->l_addr &&
		    same(map->l_name, own->l_name))
			return map;
	return NULL;
}

const struct link_map *symbols_space(unsigned n)
{
	const struct space *space = first_space();

	while (space && n--)
		space = next_space(space);
	return space ? space->list.r_map : NULL;
}

/* The last object at the start. None of these is unloaded. */
static const struct link_map *last EACH_START;

NO_SANITIZE void symbols_start(void)
{
	const struct link_map *map = symbols_own();

	while (map && map->l_next)
		map = map->l_next;
	last = map;
}

NO_SANITIZE bool symbols_hold(const struct link_map *map, const void *address)
{
	const ElfW(Ehdr) *header = (const void *)map->l_addr;
	uintptr_t at = (uintptr_t)address - map->l_addr;

	/* The program itself can begin anywhere; only libraries are asked for. */
	if (!map->l_addr || (uintptr_t)address < map->l_addr ||
	    header->e_ident[EI_MAG0] != ELFMAG0 || header->e_ident[EI_MAG1] != ELFMAG1)
		return false;
	const ElfW(Phdr) *part = (const void *)((const char *)header + header->e_phoff);

	for (unsigned i = 0; i < header->e_phnum; i++)
		if (part[i].p_type == PT_LOAD && at >= part[i].p_vaddr &&
		    at - part[i].p_vaddr < part[i].p_memsz)
			return true;
	return false;
}

NO_SANITIZE const struct link_map *symbols_object_of(const void *address)
{
	const struct link_map *map = symbols_own();

	while (map && map->l_prev)
		map = map->l_prev;
	while (map && !symbols_hold(map, address))
		map = map->l_next;
	return map;
}

/* -- What has been led -- */

/* Old libcs consist of several objects. */
enum { PARTS = 8 };

static struct part {
	const ElfW(Sym) * table, *before; /* its symbol table now, and before */
} parts[PARTS];

static bool led;

NO_SANITIZE static const ElfW(Sym) * original(const struct object *o, uint32_t i)
{
	const ElfW(Sym) * before;

	for (unsigned p = 0; p < PARTS && parts[p].table; p++) {
		before = __atomic_load_n(&parts[p].before, __ATOMIC_ACQUIRE);
		if (before && parts[p].table == o->symbols)
			return &before[i];
	}
	return &o->symbols[i];
}

/* The best match for NAME in O. */
NO_SANITIZE static void *object_find(const struct object *o, const char *name,
				     uint32_t hash, const char *version)
{
	struct cursor c;
	uint32_t i, best = 0;

	cursor_start(&c, o, name, hash);
	while ((i = cursor_next(&c))) {
		unsigned number = number_of(o, i);
		const char *is = version_name(o, number & NUMBER);

		if (version && is && !same(version, is))
			continue;
		best = i;
		if (version || !(number & HIDDEN))
			break;
	}
	return best ? (void *)(o->base + original(o, best)->st_value) : NULL;
}

NO_SANITIZE void *symbols_next(const struct link_map *behind, const char *name,
			       const char *version)
{
	const struct link_map *own = symbols_own(), *map;
	uint32_t hash = gnu_hash(name);
	struct object o;
	void *found;

	for (map = behind->l_next; map; map = map->l_next) {
		if (map != own && object_read(&o, map->l_addr, map->l_ld) &&
		    (found = object_find(&o, name, hash, version)))
			return found;
		if (map == last)
			break;
	}
	/* The shim was loaded late, after libc. */
	for (map = behind->l_prev; map && map->l_prev; map = map->l_prev)
		if (map != own && object_read(&o, map->l_addr, map->l_ld) &&
		    (found = object_find(&o, name, hash, version)))
			return found;
	return NULL;
}

/* -- libc -- */

/* Whether FILE is a part of libc, by its name, as the linker decides it. */
NO_SANITIZE static bool is_libc(const char *file)
{
	static const char *const part[] = {
		"libc.so",	 "libc-",	"libc.musl-", "ld-musl-",
		"libpthread.so", "libpthread-", "libdl.so",   "libdl-",
		"librt.so",	 "librt-",	"libutil.so", "libutil-",
	};
	const char *base = file;

	for (; *file; file++)
		if (*file == '/')
			base = file + 1;
	for (unsigned i = 0; i < sizeof part / sizeof *part; i++)
		if (begins(base, part[i]))
			return true;
	return false;
}

NO_SANITIZE void *symbols_libc(void **slot, const char *name)
{
	const struct link_map *own = symbols_own(), *map = own;
	void *found = __atomic_load_n(slot, __ATOMIC_RELAXED);
	struct object o;

	while (!found && map && map->l_prev)
		map = map->l_prev;
	for (; map && !found; map = map == last ? NULL : map->l_next)
		if (map->l_name && is_libc(map->l_name) &&
		    object_read(&o, map->l_addr, map->l_ld))
			found = object_find(&o, name, gnu_hash(name), NULL);
	if (!found && own)
		found = symbols_next(own, name, NULL);
	__atomic_store_n(slot, found, __ATOMIC_RELAXED);
	return found;
}

/* -- Leading -- */

NO_SANITIZE bool symbols_are_ours(const char *name)
{
	struct object own;
	struct cursor c;

	if (!object_read(&own, (uintptr_t)own_start, own_dynamic))
		return false;
	cursor_start(&c, &own, name, gnu_hash(name));
	return cursor_next(&c) != 0;
}

/*
 * Makes each symbol of TABLE (a copy of O's) that OWN has, too, lead there. OLD: only
 * versions that OWN has for old programs alone.
 */
static void lead_symbols(const struct object *o, ElfW(Sym) * table,
			 const struct object *own, bool old)
{
	uint32_t count = object_count(own), i, j;
	struct cursor c;

	for (i = 1; i < count; i++) {
		const ElfW(Sym) *to = &own->symbols[i];
		unsigned number = number_of(own, i);
		const char *version = version_name(own, number & NUMBER), *is;
		const char *name = own->names + to->st_name;

		if (!is_function(to) || old != !!(number & HIDDEN))
			continue;
		cursor_start(&c, o, name, gnu_hash(name));
		while ((j = cursor_next(&c))) {
			is = version_name(o, number_of(o, j) & NUMBER);
			if (old && !(version && is && same(version, is)))
				continue;
			table[j].st_value = own->base + to->st_value - o->base;
			table[j].st_size = to->st_size;
		}
	}
}

/*
 * Replaces the pages of O's table in one step: no thread may see them half done, and
 * concurrent calls do the same. Making the pages writable would be a longer window.
 */
static bool lead_object(struct part *part, const struct object *o,
			const struct object *own)
{
	uintptr_t page = (uintptr_t)LIBC(sysconf)(_SC_PAGESIZE);
	uintptr_t start = (uintptr_t)o->symbols & -page;
	uintptr_t offset = (uintptr_t)o->symbols - start;
	size_t bytes = object_count(o) * sizeof *o->symbols;
	size_t size = (offset + bytes + page - 1) & -page;
	const ElfW(Sym) *none = NULL;
	int error;
	char *copy = sys_pages(size, &error), *made;
	long moved;

	if (!copy)
		return false;
	__builtin_memcpy(copy, (const void *)start, size);
	part->table = o->symbols;
	if (!__atomic_compare_exchange_n(&part->before, &none,
					 (const ElfW(Sym) *)(copy + offset), false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		sys_unmap(copy, size);
		copy = (char *)(uintptr_t)none - offset;
	}
	made = sys_pages(size, &error);
	if (!made)
		return false;
	__builtin_memcpy(made, copy, size);
	lead_symbols(o, (ElfW(Sym) *)(made + offset), own, false);
	lead_symbols(o, (ElfW(Sym) *)(made + offset), own, true);
	moved = SYS3(SYS_mprotect, made, size, PROT_READ);
	if (moved == 0)
		moved = SYS5(SYS_mremap, made, size, size, MREMAP_MAYMOVE | MREMAP_FIXED,
			     start);
	if (sys_failed(moved)) {
		sys_unmap(made, size);
		return false;
	}
	return true;
}

NO_SANITIZE bool symbols_led(void)
{
	return __atomic_load_n(&led, __ATOMIC_ACQUIRE);
}

bool symbols_lead(void)
{
	const struct link_map *map = symbols_own();
	struct object o, own;
	unsigned n = 0;

	if (symbols_led())
		return true;
	if (!map || !object_read(&own, (uintptr_t)own_start, own_dynamic))
		return false;
	while (map->l_prev)
		map = map->l_prev;
	for (; map && n < PARTS; map = map == last ? NULL : map->l_next)
		if (map->l_name && is_libc(map->l_name) &&
		    object_read(&o, map->l_addr, map->l_ld) &&
		    !lead_object(&parts[n++], &o, &own))
			return false;
	__atomic_store_n(&led, true, __ATOMIC_RELEASE);
	return true;
}
