// The part of FAISS's C API that index_faiss.c calls, for systems whose FAISS package has the headers of that API and not its
// library. No exception leaves a function; nothing is printed.
#include <faiss/IndexFlat.h>
#include <faiss/impl/FaissException.h>
#include <faiss/index_io.h>

#include <faiss/c_api/IndexFlat_c.h>
#include <faiss/c_api/Index_c.h>
#include <faiss/c_api/error_c.h>
#include <faiss/c_api/index_io_c.h>

#include <cstdio>
#include <exception>
#include <new>

namespace
{

// A fixed buffer, so that running out of memory can be reported.
thread_local char last_error[512];

int remember(int code, const char *text) noexcept
{
    std::snprintf(last_error, sizeof(last_error), "%s", text);
    return code;
}

template <typename Work> int guarded(Work work) noexcept
{
    try {
        work();
        return OK;
    } catch (const faiss::FaissException &e) {
        return remember(FAISS_EXCEPT, e.what());
    } catch (const std::bad_alloc &) {
        return remember(STD_EXCEPT, "out of memory");
    } catch (const std::exception &e) {
        return remember(STD_EXCEPT, e.what());
    } catch (...) {
        return remember(UNKNOWN_EXCEPT, "unknown exception");
    }
}

faiss::Index *engine(FaissIndex *index)
{
    return reinterpret_cast<faiss::Index *>(index);
}

const faiss::Index *engine(const FaissIndex *index)
{
    return reinterpret_cast<const faiss::Index *>(index);
}

FaissIndex *handle(faiss::Index *index)
{
    return reinterpret_cast<FaissIndex *>(index);
}

} // namespace

extern "C" {

const char *faiss_get_last_error()
{
    return last_error;
}

int faiss_IndexFlatIP_new_with(FaissIndexFlatIP **p_index, idx_t d)
{
    return guarded([=] { *p_index = handle(new faiss::IndexFlatIP(d)); });
}

void faiss_Index_free(FaissIndex *index)
{
    delete engine(index);
}

int faiss_Index_add(FaissIndex *index, idx_t n, const float *x)
{
    return guarded([=] { engine(index)->add(n, x); });
}

int faiss_Index_search(const FaissIndex *index, idx_t n, const float *x, idx_t k, float *distances, idx_t *labels)
{
    return guarded([=] { engine(index)->search(n, x, k, distances, labels); });
}

void faiss_IndexFlat_xb(FaissIndexFlat *index, float **p_xb, size_t *p_size)
{
    auto *flat = static_cast<faiss::IndexFlat *>(engine(index));

    *p_xb = flat->get_xb();
    *p_size = static_cast<size_t>(flat->ntotal) * static_cast<size_t>(flat->d);
}

int faiss_write_index(const FaissIndex *index, FILE *file)
{
    return guarded([=] { faiss::write_index(engine(index), file); });
}

} // extern "C"
