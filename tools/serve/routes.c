/* What is served where: see routes.h. openapi.json describes the same table, and a test holds the two together. */
#include "routes.h"

const struct route ROUTES[] = {
    { "paper_similar", "GET", "/v1/papers/{id}/similar", answer_similar, true, false },
    { "paper", "GET", "/v1/papers/{id}", answer_paper, true, false },
    { "similar", "POST", "/v1/similar", answer_similar_body, false, false },
    { "batch", "POST", "/v1/similar/batch", answer_batch, false, false },
    { "search", "GET", "/v1/search", answer_search, false, false },
    { "healthz", "GET", "/healthz", answer_health, true, false },
    { "readyz", "GET", "/readyz", answer_ready, false, false },
    { "metrics", "GET", "/metrics", answer_metrics, true, false },
    { "openapi", "GET", "/openapi.json", answer_openapi, true, false },
};
const size_t ROUTE_COUNT = sizeof(ROUTES) / sizeof(ROUTES[0]);
